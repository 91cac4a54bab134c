-- From three sites to the one event: feeds, exchange rates, the same event twice, an index, and why it is this one.
-- A part of demo.sql, which has the events and the tastes.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE TABLE feeds (site text PRIMARY KEY, document text);
\set lambethlive `cat feeds/lambethlive.jsonld`
\set ticketmaster `cat feeds/ticketmaster.json`
\set neighbours `cat feeds/neighbours.ics`
INSERT INTO feeds VALUES ('lambethlive', :'lambethlive'), ('ticketmaster', :'ticketmaster'), ('neighbours', :'neighbours');

-- Exchange rates that this database may have already are put back when the listings are read.
BEGIN;
CREATE TEMPORARY TABLE rates_before AS TABLE event_exchange_rates;
DELETE FROM event_exchange_rates;

\echo '== 9. What do the sites say? =='
\echo '-- So far the events were typed in. Three sites publish more: a page with JSON-LD, an API that answers as Ticketmaster does,'
\echo '-- and a calendar. The API says euros and kroner; Kofi pays in pounds, and knows the rate of the euro.'
\set ECHO queries
INSERT INTO event_exchange_rates VALUES ('GBP', 1), ('EUR', 1.25);
CREATE TABLE listings (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, listing event_listing);
INSERT INTO listings (listing)
SELECT e FROM feeds, events_from_jsonld(document::jsonb, zone => 'Europe/London', currency => 'GBP') e WHERE site = 'lambethlive';
INSERT INTO listings (listing)
SELECT e FROM feeds, events_from('ticketmaster', document::jsonb, currency => 'GBP') e WHERE site = 'ticketmaster';
INSERT INTO listings (listing)
SELECT e FROM feeds, events_from_ics(document, until => '2026-12-12', source => site) e WHERE site = 'neighbours';
\set ECHO none
DELETE FROM event_exchange_rates;
INSERT INTO event_exchange_rates TABLE rates_before;
COMMIT;
DROP TABLE rates_before;

\echo
\echo '-- One type of rows. ? is unknown, 0 is free; what is wrong with a row is said in it.'
\set ECHO queries
SELECT id, (listing).title, to_char((listing).starts_at, 'DD Mon HH24:MI') AS starts, (listing).price, (listing).attendees AS people,
       (listing).status, coalesce((listing).reason, (listing).remarks[1], '') AS note FROM listings ORDER BY id;

\echo '== 10. Which are the same event? =='
\echo '-- Near in time and place, and titles alike:'
SELECT a, b, apart, round(1000 * km::numeric) AS metres, round(title_similarity::numeric, 2) AS alike
FROM event_duplicates('SELECT id, (listing).* FROM listings') ORDER BY a;

\echo '-- Merged, each has the best that is known. One site knew how many come, another the price:'
CREATE TABLE merged AS
SELECT (event_merge(listing)).* FROM listings JOIN event_groups('SELECT id, (listing).* FROM listings') USING (id) GROUP BY group_id;
SELECT title, price, provenance ->> 'price' AS says_price, attendees AS people, provenance ->> 'attendees' AS says_people
FROM merged WHERE jsonb_array_length(listings) > 1 ORDER BY title;

\echo '== 11. So which one event? =='
\echo '-- What takes place joins the three hundred, and an index finds the best without looking at all of them.'
INSERT INTO events (id, title, venue, latitude, longitude, price, attendees, starts_at)
SELECT 300 + row_number() OVER (ORDER BY starts_at, title), title, place, latitude, longitude, price, attendees, starts_at
FROM merged WHERE starts_at IS NOT NULL AND status IS DISTINCT FROM 'cancelled';
CREATE INDEX events_facts ON events USING gist (event_facts(latitude, longitude, price, attendees, starts_at));
ANALYZE events;
EXPLAIN (COSTS OFF) SELECT title FROM best;

SELECT id, title, venue, price, attendees, to_char(starts_at, 'Dy DD Mon HH24:MI') AS starts,
       round(event_score(facts, pref)::numeric, 3) AS score
FROM best WHERE who = 'Kofi';

\echo '-- Why? His Saturday evening, nearby, well under his budget, and a crowd.'
SELECT criterion, CASE criterion WHEN 'location' THEN round(value::numeric, 2) || ' km'
                                 WHEN 'start' THEN to_char(to_timestamp(value), 'Dy DD Mon HH24:MI')
                                 ELSE value::text END AS value,
       round(utility::numeric, 3) AS utility, weight, round(contribution::numeric, 3) AS contribution
FROM best, event_explain(facts, pref) WHERE who = 'Kofi' ORDER BY criterion;

\set ECHO none
