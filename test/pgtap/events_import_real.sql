-- Events as sites publish them: JSON-LD, answers of two interfaces, calendars; each document is rows, or a reason.
--
--     psql -X -q -v data=/absolute/path/of/the/data -f test/pgtap/events_import_real.sql
--
-- What is wanted was read another way: by plain -> from documents of one shape, by a script of its own from schema.org's
-- examples, and from calendars by another program, whose answers lie beside them.

\ir ../oracle/tap.sql
\set present `test -d :'data'/events/jsonld -a -r :'data'/events/apis/seatgeek.json -a -d :'data'/events/ics && echo yes || echo no`
\if :present
\else
    \echo '1..0 # SKIP the events are not there (-v data=DIRECTORY names their directory)'
    \quit
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL TimeZone = 'UTC';
SET LOCAL jit = off;
\ir ../oracle/check.sql

SELECT plan(33);

CREATE TEMP TABLE files (name text, encoded text);
\set load '\\copy files FROM PROGRAM ''cd "' :data '/events" && for f in jsonld/*.json apis/*.json ics/*.ics ics/*.json; do printf "%s\\\\t" "$f"; base64 -w0 "$f"; echo; done'''
:load
CREATE TEMP TABLE documents AS SELECT name, convert_from(decode(encoded, 'base64'), 'UTF8') AS content FROM files;

-- A document that is no JSON is an error that says so, and stays one.
CREATE FUNCTION pg_temp.json_or_null(content text) RETURNS jsonb LANGUAGE plpgsql AS
$$ BEGIN RETURN content::jsonb; EXCEPTION WHEN invalid_text_representation THEN RETURN NULL; END $$;
CREATE TEMP TABLE jsonld AS
SELECT d.name, d.content::jsonb AS document FROM documents d WHERE name LIKE 'jsonld/%' AND pg_temp.json_or_null(content) IS NOT NULL;

SELECT is((SELECT count(*) FROM documents WHERE name LIKE 'jsonld/%'), 68::bigint, 'documents of JSON-LD');
SELECT is((SELECT count(*) FROM jsonld), 64::bigint, 'of which so many are JSON');
SELECT is(array_agg(name ~ 'INVALID'), '{t,t,t,t}', 'the others are those marked so') FROM documents WHERE name LIKE 'jsonld/%' AND pg_temp.json_or_null(content) IS NULL;
SELECT throws_ok(format('SELECT * FROM events_from_jsonld(%L)', content), '22P02', NULL, 'and an error each') FROM documents WHERE name ~ 'INVALID' ORDER BY name;

CREATE TEMP TABLE found AS
SELECT d.name, e.* FROM jsonld d, events_from_jsonld(d.document, zone => 'America/Denver') WITH ORDINALITY
    e (source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags, remarks, reason, n);
SELECT is((SELECT count(DISTINCT name) FROM found), 64::bigint, 'each document has rows');
SELECT oracle.holds('a row has a title and a start, or a reason', 'SELECT (title IS NOT NULL AND starts_at IS NOT NULL) = (reason IS NULL), name FROM found');

-- Pages of concerts, all of one shape --------------------------------------------------------------------------------

SELECT is((SELECT count(*) FROM found WHERE name ~ 'songkick|gkick'), 24::bigint, 'concerts');
SELECT oracle.holds('concerts are what their documents say',
    $$SELECT row(f.source, f.url, f.title, f.starts_at, f.latitude, f.longitude, f.price, f.remarks, f.reason)
            IS NOT DISTINCT FROM row('songkick.com'::text, e ->> 'url', e ->> 'name',
                CASE WHEN length(e ->> 'startDate') = 10 THEN (e ->> 'startDate')::timestamp AT TIME ZONE 'America/Denver' ELSE (e ->> 'startDate')::timestamptz END,
                (e #>> '{location,geo,latitude}')::float8, (e #>> '{location,geo,longitude}')::float8, NULL::numeric, NULL::text[], NULL::text)
            AND f.date_only = (length(e ->> 'startDate') = 10) AND f.place LIKE (e #>> '{location,name}') || ', %', f.name
     FROM found f JOIN jsonld d USING (name), LATERAL (SELECT d.document -> 0 AS e) x WHERE name ~ 'songkick|gkick'$$);
SELECT is((SELECT count(*) FROM found WHERE name ~ 'songkick|gkick' AND date_only), 3::bigint, 'some have no hour');
SELECT is((SELECT count(*) FROM found WHERE name ~ 'songkick|gkick' AND latitude IS NULL), 1::bigint, 'one has no place on the map');

-- The examples of schema.org, by a script of its own -----------------------------------------------------------------

CREATE TEMP TABLE wanted (example text, n bigint, titled boolean, starts_at timestamptz, date_only boolean, ends_at timestamptz, price numeric, highest numeric, currency text, status text, reason text);
INSERT INTO wanted VALUES
    ('105', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('13', 1, false, '2011-05-20 06:00+00', true, NULL, NULL, NULL, NULL, NULL, 'no title'),
    ('13', 2, false, '2011-05-23 06:00+00', true, NULL, NULL, NULL, NULL, NULL, 'no title'),
    ('166', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "18:15, 22nd of May 2010" is not an ISO 8601 time'),
    ('166', 2, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "19:45 on the 2nd of June" is not an ISO 8601 time'),
    ('167', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "09:00, 7th of November 2013" is not an ISO 8601 time'),
    ('167', 2, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "09:45 on the same day" is not an ISO 8601 time'),
    ('170', 1, true, '2013-09-15 03:30+00', false, NULL, 13, 13, 'USD', NULL, NULL),
    ('171', 1, true, '2013-09-15 03:30+00', false, NULL, 13, 13, 'USD', 'cancelled', NULL),
    ('173', 1, true, '2013-09-15 03:30+00', false, NULL, 13, 13, 'USD', NULL, NULL),
    ('174', 1, true, '2013-09-15 03:30+00', false, NULL, 13, 13, NULL, NULL, NULL),
    ('179', 1, true, '2017-03-07 03:30+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('188', 1, true, '2014-05-24 02:00+00', false, NULL, 40, 40, 'USD', NULL, NULL),
    ('189', 1, true, '2014-10-02 01:30+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('190', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('190', 2, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('191', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('192', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('202', 1, true, '2014-04-13 01:30+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('202', 2, true, '2014-04-14 02:00+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('203', 1, true, '2014-04-13 01:30+00', false, '2014-04-13 04:00+00', 63.25, 299, NULL, 'rescheduled', NULL),
    ('26', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no event in the document'),
    ('8', 1, true, '2016-04-22 02:00+00', false, NULL, 35, 35, NULL, NULL, NULL),
    ('94', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('95', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('96', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('97', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('pending_issue_1050 0', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('pending_issue_447 0', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('pending_issue_447 0', 2, true, '2016-08-05 06:00+00', true, '2016-08-22 06:00+00', NULL, NULL, NULL, NULL, NULL),
    ('pending_issue_447 0', 3, false, '2016-08-06 06:00+00', true, '2016-08-14 06:00+00', NULL, NULL, NULL, NULL, 'no title'),
    ('pending_issue_447 0', 4, true, '2012-07-27 06:00+00', true, '2012-08-13 06:00+00', NULL, NULL, NULL, NULL, NULL),
    ('course 0', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "February 15" is not an ISO 8601 time'),
    ('course 1', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "31 Aug 2016" is not an ISO 8601 time'),
    ('course 1', 2, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no title; start "29 Aug 2016" is not an ISO 8601 time'),
    ('course 2', 1, false, NULL, NULL, NULL, 395, 395, 'GBP', NULL, 'no title; no start'),
    ('course 2', 2, false, NULL, NULL, NULL, 440, 440, 'GBP', NULL, 'no title; no start'),
    ('course 3', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no event in the document'),
    ('course 4', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no event in the document'),
    ('course 5', 1, false, NULL, NULL, NULL, 0, 0, NULL, NULL, 'no title; no start'),
    ('course 6', 1, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no event in the document'),
    ('exhibitionevent 0', 1, true, '2015-06-13 06:00+00', true, '2016-02-01 07:00+00', NULL, NULL, NULL, NULL, NULL),
    ('music 4', 1, false, '1968-11-22 07:00+00', true, NULL, NULL, NULL, NULL, NULL, 'no title'),
    ('music 4', 2, false, '1968-11-25 07:00+00', true, NULL, NULL, NULL, NULL, NULL, 'no title'),
    ('screeningevent 0', 1, true, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'no start'),
    ('social_media 1', 1, true, '2015-03-09 20:00+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('sponsor 0', 1, true, '2016-07-10 12:00+00', false, NULL, 85, 125, 'USD', NULL, NULL),
    ('tourism 5', 1, true, '2016-09-15 06:00+00', true, '2017-01-23 07:00+00', NULL, NULL, NULL, NULL, NULL),
    ('tourism 6', 1, true, '2017-03-15 15:00+00', false, '2017-03-20 05:59+00', 0, 0, NULL, NULL, NULL),
    ('tv_listing 2', 1, true, '2014-10-13 03:00+00', false, '2014-10-13 03:30+00', NULL, NULL, NULL, NULL, NULL),
    ('tv_listing 3', 1, true, '2015-07-05 22:30+00', false, NULL, NULL, NULL, NULL, NULL, NULL),
    ('tv_listing 3', 2, true, '2015-07-05 23:00+00', false, NULL, NULL, NULL, NULL, NULL, NULL);
SELECT is((SELECT count(*) FROM found WHERE name ~ 'schemaorg'), (SELECT count(*) FROM wanted), 'so many events, or documents without');
SELECT oracle.holds('the examples are what was read of them by other means',
    $$SELECT row(f.title IS NOT NULL, f.starts_at, f.date_only, f.ends_at, f.price, upper(f.price_range), f.currency, f.status, f.reason)
            IS NOT DISTINCT FROM row(w.titled, w.starts_at, w.date_only, w.ends_at, w.price, w.highest, w.currency, w.status, w.reason), format('%s: %s', w, f)
     FROM wanted w LEFT JOIN (SELECT *, concat_ws(' ', nullif(rtrim(substring(name FROM 'schemaorg_data_(?:sdo_|ext_)?((?:[a-z0-9]+_)*)examples_txt'), '_'), ''), substring(name FROM 'txt_([0-9]+)_')) AS example
                              FROM found WHERE name ~ 'schemaorg') f USING (example, n)$$);
SELECT is((SELECT row(title, place, tags)::text FROM found WHERE name ~ 'tourism_examples_txt_6'), '("Las Fallas 2017",Valencia,)', 'one by hand: several languages, a postal address');
SELECT is((SELECT row(place, price_range)::text FROM found WHERE name ~ 'sponsor'), '("Missoula, MT, Missoula","[85,125]")', 'one by hand: several offers');

-- Ticketmaster -------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE tickets AS SELECT t.*, d FROM documents, events_from('ticketmaster', content::jsonb) WITH ORDINALITY
    t (source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags, remarks, reason, n)
    JOIN LATERAL jsonb_array_elements(content::jsonb) WITH ORDINALITY e (d, m) ON t.n = e.m WHERE name ~ 'ticketmaster';
SELECT is((SELECT count(*) FROM tickets WHERE reason IS NULL AND remarks IS NULL), 20::bigint, 'Ticketmaster: events');
SELECT oracle.holds('Ticketmaster: as the document says',
    $$SELECT row(source_id, url, title, latitude, longitude, place, price, upper(price_range), currency)
            IS NOT DISTINCT FROM row(d ->> 'id', d ->> 'url', d ->> 'name', (v #>> '{location,latitude}')::float8, (v #>> '{location,longitude}')::float8, v ->> 'name',
                (d #>> '{priceRanges,0,min}')::numeric, (d #>> '{priceRanges,0,max}')::numeric, d #>> '{priceRanges,0,currency}'), title
     FROM tickets, LATERAL (SELECT d #> '{_embedded,venues,0}' AS v) x$$);
SELECT oracle.holds('Ticketmaster: the instant is the local date and time in the zone of the venue',
    $$SELECT starts_at = (concat_ws(' ', d #>> '{dates,start,localDate}', d #>> '{dates,start,localTime}'))::timestamp AT TIME ZONE (d #>> '{_embedded,venues,0,timezone}')
            AND date_only = (d #>> '{dates,start,localTime}' IS NULL), title FROM tickets$$);
SELECT is((SELECT array_agg(DISTINCT status ORDER BY status) FROM tickets), '{rescheduled,scheduled}', 'Ticketmaster: status');
SELECT is((SELECT array_agg(title ORDER BY n) FROM tickets WHERE price IS NULL), (SELECT array_agg(d ->> 'name' ORDER BY n) FROM tickets WHERE NOT d ? 'priceRanges'), 'Ticketmaster: a price that is not given is unknown');
SELECT is((SELECT ends_at FROM tickets WHERE ends_at IS NOT NULL), '2019-07-29 00:00-04'::timestamptz, 'Ticketmaster: the last day ends at midnight');

-- SeatGeek -----------------------------------------------------------------------------------------------------------

CREATE TEMP TABLE seats AS SELECT t.*, d FROM documents, events_from('seatgeek', content::jsonb) WITH ORDINALITY
    t (source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags, remarks, reason, n)
    JOIN LATERAL jsonb_array_elements(content::jsonb) WITH ORDINALITY e (d, m) ON t.n = e.m WHERE name ~ 'seatgeek';
SELECT is((SELECT count(*) FROM seats WHERE reason IS NULL AND remarks IS NULL), 10::bigint, 'SeatGeek: events');
SELECT oracle.holds('SeatGeek: as the document says',
    $$SELECT row(source_id, url, title, latitude, longitude, place, price, upper(price_range), capacity)
            IS NOT DISTINCT FROM row(d ->> 'id', d ->> 'url', d ->> 'title', (d #>> '{venue,location,lat}')::float8, (d #>> '{venue,location,lon}')::float8, d #>> '{venue,name}',
                (d #>> '{stats,lowest_price}')::numeric, (d #>> '{stats,highest_price}')::numeric, nullif((d #>> '{venue,capacity}')::int, 0)), title FROM seats$$);
SELECT oracle.holds('SeatGeek: the instant is what the document has in UTC, or the day where the hour is not fixed',
    $$SELECT CASE WHEN (d ->> 'time_tbd')::boolean THEN date_only AND starts_at = ((d ->> 'datetime_local')::date)::timestamp AT TIME ZONE (d #>> '{venue,timezone}')
                 ELSE NOT date_only AND starts_at = (d ->> 'datetime_utc')::timestamp AT TIME ZONE 'UTC' END, title FROM seats$$);

-- Calendars, against another program's reading -----------------------------------------------------------------------

CREATE TEMP TABLE calendars AS SELECT d.name, e.* FROM documents d, events_from_ics(content, zone => 'Europe/Berlin') e WHERE name LIKE '%.ics';
CREATE TEMP TABLE readings AS
SELECT replace(replace(d.name, '.ics.json', '.json'), '.json', '.ics') AS name, e.*
FROM documents d, events_from_jsonld(content::jsonb, zone => 'Europe/Berlin') e WHERE name LIKE 'ics/%.json';
SELECT is((SELECT count(DISTINCT name) FROM calendars), 8::bigint, 'calendars');
SELECT is((SELECT count(*) FROM calendars WHERE reason IS NOT NULL), 0::bigint, 'all of them can be used');
-- To that program a day ends a second before midnight; and it reads an end before the start, which is none.
SELECT oracle.holds('calendars are what the other program read of them',
    $$SELECT c.title = r.title AND c.starts_at = r.starts_at AND abs(coalesce(c.latitude, r.latitude, 0) - coalesce(r.latitude, c.latitude, 0)) < 1e-5
            AND (c.ends_at IS NOT DISTINCT FROM r.ends_at OR c.ends_at = r.ends_at + interval '1 s' OR c.remarks = '{"ends before it starts"}'), format('%s: %s', c, r)
     FROM calendars c JOIN readings r USING (name)$$);
SELECT is((SELECT count(DISTINCT name) FROM calendars JOIN readings USING (name)), 7::bigint, 'which are all but one');
SELECT is((SELECT count(*) FROM readings WHERE reason IS NULL), (SELECT count(*) FROM readings), 'its readings are JSON-LD too, with times as objects');
-- The last one by its lines: a line per property, and no rules.
SELECT is((SELECT count(*) FROM calendars WHERE name ~ 'cityscrapers'), 30::bigint, 'the other one: events');
SELECT bag_eq(
    $$SELECT title, starts_at, date_only, url FROM calendars WHERE name ~ 'cityscrapers'$$,
    $$SELECT substring(e FROM 'SUMMARY:([^\r\n]*)') AS title,
             CASE WHEN e ~ 'DTSTART;VALUE=DATE' THEN to_date(substring(e FROM 'DTSTART;VALUE=DATE:(\d+)'), 'YYYYMMDD')::timestamp AT TIME ZONE 'Europe/Berlin'
                  ELSE replace(substring(e FROM 'DTSTART;TZID=America/Chicago:(\d{8}T\d{6})'), 'T', ' ')::timestamp AT TIME ZONE 'America/Chicago' END AS starts_at,
             e ~ 'DTSTART;VALUE=DATE' AS date_only, substring(e FROM 'URL:([^\r\n]*)') AS url
      FROM documents, regexp_split_to_table(content, 'BEGIN:VEVENT') WITH ORDINALITY s (e, n) WHERE name ~ 'cityscrapers' AND n > 1$$,
    'by their lines');

SELECT * FROM finish();
ROLLBACK;
