-- Malformed documents: each gives rows, of which what cannot be used has a reason, or a clear error; the server never crashes.
--
--     psql -X -q -f test/pgtap/events_malformed.sql [-v seed=0.6] [-v amount=100] [-v stress=1]
--
-- `amount` random mutations are made of each of six good documents, besides those written by hand.

\ir ../oracle/tap.sql
\if :{?seed} \else \set seed 0.6 \endif
\if :{?amount}
\elif :stress
    \set amount 20000
\else
    \set amount 100
\endif

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL TimeZone = 'UTC';
SET LOCAL jit = off;
SET LOCAL statement_timeout = '10min';
\ir ../oracle/check.sql

SELECT plan(10);
SELECT diag(format('seed %s, amount %s', :seed, :amount));
SELECT setseed(:seed) AS ignored \gset

-- What became of a document: its rows, or the error.
CREATE FUNCTION pg_temp.read(kind text, document text, OUT rows bigint, OUT unusable bigint, OUT wrong bigint, OUT state text, OUT message text) LANGUAGE plpgsql AS $$
DECLARE
    query text := CASE kind WHEN 'ics' THEN 'SELECT * FROM events_from_ics($1, ''2027-01-01'')' WHEN 'jsonld' THEN 'SELECT * FROM events_from_jsonld($1::jsonb)'
                       ELSE format('SELECT * FROM events_from(%L, $1::jsonb)', kind) END;
BEGIN
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE reason IS NOT NULL),
                           count(*) FILTER (WHERE reason IS NULL AND (title IS NULL OR starts_at IS NULL)
                                               OR (latitude IS NULL) <> (longitude IS NULL) OR abs(latitude) > 90 OR abs(longitude) > 180
                                               OR price < 0 OR price IN (''NaN'', ''infinity'') OR ends_at < starts_at OR attendees < 0 OR capacity < 0)
                    FROM (%s) e', query) USING document INTO rows, unusable, wrong;
    -- NULL facts or not: what was read can rank.
    EXECUTE format('SELECT count(event_facts(latitude, longitude, price::float8, attendees, starts_at)) FROM (%s) e', query) USING document;
EXCEPTION WHEN OTHERS THEN
    state := SQLSTATE;
    message := SQLERRM;
END $$;

-- Written by hand -----------------------------------------------------------------------------------------------------

CREATE TEMP TABLE by_hand (kind text, document text);
INSERT INTO by_hand VALUES
    ('jsonld', ''), ('jsonld', '{'), ('jsonld', '{"@type": "Event",}'), ('jsonld', 'null'), ('jsonld', '[]'), ('jsonld', '{}'), ('jsonld', '0'), ('jsonld', '"\u0000"'),
    ('jsonld', '{"@type": []}'), ('jsonld', '{"@type": [[["Event"]]]}'), ('jsonld', '{"@type": {"@value": "Event"}}'), ('jsonld', '{"@type": null, "name": "a"}'),
    ('jsonld', '{"@type": "Event", "name": {}}'), ('jsonld', '{"@type": "Event", "name": [[]]}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": {}}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": -1}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": 1e400}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-99-99T99:99"}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "294277-01-01T00:00"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "9999999999"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "-4713-01-01"}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "endDate": "294276-12-31"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "294276-12-31T23:00Z", "duration": "PT99999H"}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "duration": "P"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "duration": "PT"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "duration": "P1DT"}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "duration": "999999999"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "duration": "P9999DT99999H999999M99999999S"}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": 5}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": [null, 1, "x", {}]}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": {"geo": "here"}}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": {"geo": {"latitude": "NaN", "longitude": "Infinity"}}}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": {"geo": {"latitude": 1e308, "longitude": -1e308}}}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": {"geo": {"latitude": 1e-300, "longitude": 180.0000000001}}}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "offers": [[{"price": [1, [2]]}], 5, null, true]}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "offers": {"price": 1e300, "priceCurrency": ["EUR", 5, {}]}}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "offers": {"lowPrice": 50, "highPrice": 10}}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "offers": {"price": "0.000000000000000000000001"}}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "isAccessibleForFree": {"a": 1}}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "maximumAttendeeCapacity": -1}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "maximumAttendeeCapacity": 99999999999}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "keywords": [[["a"]], {}, ",,,"]}'),
    ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "eventStatus": {"@id": "EventCancelled"}}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "url": "http://"}'), ('jsonld', '{"@type": "Event", "name": "a", "startDate": "2026-01-01", "url": 5}'),
    ('jsonld', '[{"@id": "a", "x": {"@id": "b"}}, {"@id": "b", "x": {"@id": "a"}}, {"@type": "Event", "name": "e", "startDate": "2026-01-01", "location": {"@id": "a"}}]'),
    ('jsonld', '{"@type": "Event", "@id": "a", "name": "e", "startDate": "2026-01-01", "location": {"@id": "a"}}'), ('jsonld', '{"@value": {"@value": {"@value": {"@type": "Event", "name": "e", "startDate": "2026-01-01"}}}}'),
    ('jsonld', '{"@type": "Event", "name": {"@value": {"@value": "e"}}, "startDate": "2026-01-01"}'), ('jsonld', repeat('[', 6000)), ('jsonld', repeat('[', 2000) || repeat(']', 2000)),
    ('jsonld', repeat('{"@type": "Event", "subEvent": ', 1500) || '{}' || repeat('}', 1500)), ('jsonld', repeat('{"@type": "Event", "location": ', 1500) || '{}' || repeat('}', 1500)),
    ('jsonld', '{"@graph": [{"@id": "p", "name": "' || repeat('x', 100000) || '"}, ' || repeat('{"@type": "Event", "name": "a", "startDate": "2026-01-01", "location": {"@id": "p"}}, ', 1000) || '1]}'),
    ('ticketmaster', '{}'), ('ticketmaster', '{"type": "event"}'), ('ticketmaster', '{"type": "event", "name": [], "dates": 5, "_embedded": {"venues": {}}}'), ('seatgeek', '{"short_title": 1, "title": 1, "datetime_local": true}'),
    ('eventbrite', '{"online_event": "maybe", "start": {"utc": []}}'), ('meetup', '{"eventUrl": {}, "title": "a", "dateTime": "x", "duration": "P1Y"}'), ('luma', '{"event": {}}'), ('luma', '{"event": {"name": "a", "start_at": "2026-01-01"}, "ticket_info": {"price": {"cents": "x"}}}'),
    ('icalendar', '{"summary": "a"}'), ('schema.org', '[1, "x", {"@type": 5}, {"@type": "Event"}]'),
    ('ics', ''), ('ics', E'\r\r\r'), ('ics', ':'), ('ics', 'BEGIN'), ('ics', 'BEGIN:VEVENT'), ('ics', 'END:VEVENT'), ('ics', E'END:VEVENT\nBEGIN:VEVENT\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nBEGIN:VEVENT\nBEGIN:VEVENT\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nBEGIN:X\nEND:VEVENT\nSUMMARY:a'), ('ics', E'BEGIN:VEVENT\nSUMMARY\nDTSTART\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:\nDTSTART:\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:\\\nDTSTART;:20260101\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID:20260101T000000\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID=:20260101T000000\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID="Europe/Madrid:20260101T000000\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART;TZID=' || repeat('x/', 5000) || E':20260101T000000\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:00000101\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:99991231T235959Z\nDURATION:P99999W\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:99991231\nRRULE:FREQ=DAILY;COUNT=5\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:00010101\nRRULE:FREQ=DAILY\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:;;;\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:FREQ=DAILY;INTERVAL=99999999999999999999\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:FREQ=MONTHLY;BYDAY=' || repeat('MO,', 200) || E'MO\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRRULE:FREQ=DAILY;UNTIL=20250101\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nRDATE:\nEXDATE:,\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nUID:u\nSUMMARY:a\nDTSTART:20260101\nRECURRENCE-ID:x\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nSUMMARY:a\nDTSTART:20260101\nRRULE:FREQ=DAILY;COUNT=2\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101T000000Z\nGEO:;\nDTEND:20260101\nEND:VEVENT'),
    ('ics', E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101T000000Z\nDURATION:-P1D\nEND:VEVENT'), ('ics', E'BEGIN:VEVENT\n' || repeat(E'CATEGORIES:a,b\n', 3000) || E'SUMMARY:a\nDTSTART:20260101\nEND:VEVENT'), ('ics', repeat(E'BEGIN:VEVENT\nBEGIN:VALARM\n', 3000)), ('ics', repeat(E' \n', 10000));
SELECT cmp_ok((SELECT count(*) FROM by_hand), '>=', 95::bigint, 'documents by hand');
CREATE TEMP TABLE read_by_hand AS SELECT h.*, r.* FROM by_hand h, LATERAL pg_temp.read(kind, document) r;
SELECT oracle.holds('by hand: rows that are sound or have a reason, or an error of a class that is meant',
    $$SELECT CASE WHEN state IS NULL THEN rows > 0 AND wrong = 0 ELSE state IN ('22P02', '22P05', '54000', '54001') END, format('%s: %s: %s rows, %s wrong; %s %s', kind, left(document, 200), rows, wrong, state, message) FROM read_by_hand$$);
SELECT oracle.holds('errors are of what is no JSON, too deep or too large', $$SELECT kind = 'jsonld' OR state = '54000', format('%s %s: %s', left(document, 100), state, message) FROM read_by_hand WHERE state IS NOT NULL$$);
SELECT is((SELECT message FROM read_by_hand WHERE state = '54000' AND kind = 'jsonld'), 'the references of the JSON-LD document expand to more than 64 MB', 'small references to large things are bounded');

-- Mutations of good documents ----------------------------------------------------------------------------------------

CREATE TEMP TABLE good (kind text, document text);
INSERT INTO good VALUES
    ('jsonld', '[{"@context": "http://schema.org", "@type": "MusicEvent", "name": "a", "url": "http://a.org/1?b", "location": {"@type": "Place", "address": {"@type": "PostalAddress", "addressLocality": "b"}, "name": "c", "geo": {"@type": "GeoCoordinates", "latitude": 47.27, "longitude": -2.21}}, "startDate": "2016-10-29T21:00:00+0200", "endDate": "2016-10-30", "offers": [{"price": "$63.25", "priceCurrency": "USD"}, {"price": "1.299,00"}], "eventStatus": "EventRescheduled", "isAccessibleForFree": false, "keywords": "a, b", "duration": "PT2H", "maximumAttendeeCapacity": 100}]'),
    ('ticketmaster', '[{"type": "event", "id": "T1", "name": "g", "url": "https://t/1", "dates": {"start": {"localDate": "2026-05-01", "dateTime": "2026-05-02T00:30:00Z"}, "status": {"code": "onsale"}}, "priceRanges": [{"min": 45.0, "max": 300.0, "currency": "USD"}], "_embedded": {"venues": [{"name": "f", "timezone": "America/Chicago", "location": {"latitude": "41.5", "longitude": "-87.5"}}]}}]'),
    ('meetup', '{"id": "5", "title": "t", "eventUrl": "https://m/5", "dateTime": "2026-05-01T19:00:00+02:00", "duration": "PT2H", "eventType": "PHYSICAL", "rsvps": {"totalCount": 41}, "feeSettings": {"amount": 3, "currency": "EUR"}, "venue": {"name": "o", "lat": 52.5, "lng": 13.4}}'),
    ('luma', '{"entries": [{"event": {"name": "d", "start_at": "2026-05-01T17:00:00.000Z", "end_at": "2026-05-01T19:00:00.000Z", "timezone": "Europe/Paris", "geo_latitude": "48.8", "geo_longitude": "2.3"}, "guest_count": 12, "ticket_info": {"price": {"cents": 1550, "currency": "eur"}}}]}'),
    ('ics', E'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nSUMMARY:a\\, b\r\n  c\r\nDTSTART;TZID=Europe/Madrid:20260501T190000\r\nDTEND;TZID=Europe/Madrid:20260501T210000\r\nRRULE:FREQ=MONTHLY;INTERVAL=2;BYDAY=1FR,-1MO;BYMONTH=5,7;UNTIL=20261231T000000Z\r\nEXDATE;TZID=Europe/Madrid:20260703T190000\r\nRDATE:20260801T190000Z\r\nGEO:41.9;12.5\r\nSTATUS:CONFIRMED\r\nCATEGORIES:a,b\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'),
    ('ics', E'BEGIN:VEVENT\nUID:u\nSUMMARY:a\nDTSTART;VALUE=DATE:20260131\nDURATION:P1D\nRRULE:FREQ=WEEKLY;COUNT=9;BYDAY=TU,TH;WKST=SU\nEXDATE;VALUE=DATE:20260203\nEND:VEVENT\nBEGIN:VEVENT\nUID:u\nRECURRENCE-ID;VALUE=DATE:20260205\nSUMMARY:b\nDTSTART;VALUE=DATE:20260206\nEND:VEVENT');

-- One to four times: some characters go, are doubled, or others come in.
CREATE FUNCTION pg_temp.mutate(document text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    pieces text[] := ARRAY['"', '{', '}', '[', ']', ':', ',', '-', '0', '9999999999', '1e999', 'null', 'true', E'\n', E'\r\n ', ';', '=', E'\\', 'T', 'Z', 'BEGIN:VEVENT', E'END:VEVENT\n', 'RRULE:', 'FREQ=DAILY', '@value', '@id', chr(233), chr(8364), ' '];
    place int;
    size int;
BEGIN
    FOR i IN 1 .. 1 + floor(random() * 4)::int LOOP
        place := 1 + floor(random() * length(document));
        size := floor(random() ^ 3 * 20);
        document := CASE floor(random() * 4)::int
            WHEN 0 THEN overlay(document PLACING '' FROM place FOR size)
            WHEN 1 THEN overlay(document PLACING pieces[1 + floor(random() * cardinality(pieces))::int] FROM place FOR 0)
            WHEN 2 THEN overlay(document PLACING pieces[1 + floor(random() * cardinality(pieces))::int] FROM place FOR size)
            ELSE overlay(document PLACING substr(document, 1 + floor(random() * length(document))::int, size) FROM place FOR size) END;
    END LOOP;
    RETURN document;
END $$;
CREATE TEMP TABLE mutants AS SELECT kind, pg_temp.mutate(document) AS document FROM good, generate_series(1, :amount) n;
CREATE TEMP TABLE read_mutants AS SELECT m.*, r.* FROM mutants m, LATERAL pg_temp.read(kind, document) r;
SELECT is((SELECT count(*) FROM read_mutants), 6 * :amount::bigint, 'mutants');
SELECT oracle.holds('mutants: rows that are sound or have a reason, or an error that it is no JSON, or no Unicode, or that it happens too often',
    $$SELECT CASE WHEN state IS NULL THEN rows > 0 AND wrong = 0 ELSE state IN ('22P02', '22P05', '54000') END, format('%s: %s: %s rows, %s wrong; %s %s', kind, document, rows, wrong, state, message) FROM read_mutants$$);
SELECT oracle.exercised('a calendar that can be read in part', (SELECT count(*) FROM read_mutants WHERE kind = 'ics' AND unusable > 0), :amount / 20);
SELECT oracle.exercised('JSON that can be read, and not used', (SELECT count(*) FROM read_mutants WHERE kind <> 'ics' AND unusable > 0), :amount / 20);
SELECT oracle.exercised('JSON that can be used', (SELECT count(*) FROM read_mutants WHERE kind <> 'ics' AND unusable = 0), :amount / 4);
SELECT is((SELECT count(*) FROM read_mutants WHERE kind = 'ics' AND state <> '54000'), 0::bigint, 'a calendar is an error only where it happens too often');

SELECT * FROM finish();
ROLLBACK;
