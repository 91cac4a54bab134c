-- Events of iCalendar files, on calendars written for it.
--
--     psql -X -q -f test/pgtap/events_ics.sql

\ir ../oracle/tap.sql

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'German';

SELECT plan(58);

-- A calendar of one event with these lines, and one with a summary.
CREATE FUNCTION pg_temp.calendar(lines text) RETURNS text LANGUAGE sql AS
$$ SELECT E'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n' || replace(lines, E'\n', E'\r\n') || E'\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' $$;
CREATE FUNCTION pg_temp.starts(lines text, until timestamptz DEFAULT NULL, zone text DEFAULT NULL) RETURNS text[] LANGUAGE sql AS
$$ SELECT array_agg(coalesce(to_char(starts_at, 'YYYY-MM-DD HH24:MI'), reason)) FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\n' || lines), until, zone => zone) $$;

-- An event and its lines ---------------------------------------------------------------------------------------------

SELECT is((SELECT row(source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, online, status, tags, remarks, reason)::text FROM events_from_ics(pg_temp.calendar(lines))), wanted, name)
FROM (VALUES
    ('everything', E'UID:u1\nSUMMARY:Meet\\, greet\\n and so\n  on\nDTSTART;TZID=Europe/Madrid:20260501T190000\nDTEND;TZID="Europe/Madrid":20260501T210000\nURL:https://www.example.org/e;1\nLOCATION:Hall 1\\; Rome\nGEO:41.9;12.5\nSTATUS:TENTATIVE\nCATEGORIES:a,b\\,c\nCATEGORIES:d',
     '(example.org,u1,https://www.example.org/e;1,"Meet, greet and so on","01.05.2026 17:00:00 UTC",f,"01.05.2026 19:00:00 UTC",41.9,12.5,"Hall 1; Rome",,tentative,"{a,b,c,d}",,)'),
    ('an alarm within is not the event', E'SUMMARY:a\nDTSTART:20260501T190000Z\nBEGIN:VALARM\nSUMMARY:b\nTRIGGER:-PT15M\nDTSTART:20270101T000000Z\nEND:VALARM\nDURATION:PT45M',
     '(icalendar,,,a,"01.05.2026 19:00:00 UTC",f,"01.05.2026 19:45:00 UTC",,,,,,,,)'),
    ('a day', E'SUMMARY:a\nDTSTART;VALUE=DATE:20260501', '(icalendar,,,a,"01.05.2026 00:00:00 UTC",t,"02.05.2026 00:00:00 UTC",,,,,,,,)'),
    ('days: the end is exclusive', E'SUMMARY:a\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260504', '(icalendar,,,a,"01.05.2026 00:00:00 UTC",t,"04.05.2026 00:00:00 UTC",,,,,,,,)'),
    ('a day that ends on itself', E'SUMMARY:a\nDTSTART;VALUE=DATE:20260501\nDTEND;VALUE=DATE:20260501', '(icalendar,,,a,"01.05.2026 00:00:00 UTC",t,"02.05.2026 00:00:00 UTC",,,,,,,,)'),
    ('online, cancelled', E'SUMMARY:a\nDTSTART:20260501T190000Z\nCONFERENCE;VALUE=URI:https://example.org/c\nSTATUS:CANCELLED', '(icalendar,,,a,"01.05.2026 19:00:00 UTC",f,,,,,t,cancelled,,,)'),
    ('an end before the start', E'SUMMARY:a\nDTSTART:20260501T190000Z\nDTEND:20260501T180000Z', '(icalendar,,,a,"01.05.2026 19:00:00 UTC",f,,,,,,,,"{""ends before it starts""}",)'),
    ('half a place', E'SUMMARY:a\nDTSTART:20260501T190000Z\nGEO:41.9', '(icalendar,,,a,"01.05.2026 19:00:00 UTC",f,,,,,,,,"{""latitude \\""41.9\\"" and longitude \\""\\"" are not a place""}",)'),
    ('no start', E'SUMMARY:a', '(icalendar,,,a,,,,,,,,,,,"no start")'),
    ('no title', E'DTSTART:20260501T190000Z', '(icalendar,,,,"01.05.2026 19:00:00 UTC",f,,,,,,,,,"no title")'),
    ('names in lower case', E'summary:a\ndtstart:20260501T190000Z', '(icalendar,,,a,"01.05.2026 19:00:00 UTC",f,,,,,,,,,)')) v (name, lines, wanted);
SELECT is((SELECT row(source, reason)::text FROM events_from_ics(calendar)), '(icalendar,"no event in the document")', 'no event: ' || calendar)
FROM (VALUES (''), ('hello'), (E'BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\nEND:VTODO\nEND:VCALENDAR')) v (calendar);
SELECT is((SELECT count(*) FROM events_from_ics(NULL)), 0::bigint, 'no calendar has no rows');
SELECT is((SELECT source FROM events_from_ics(pg_temp.calendar('URL:https://example.org'), source => 'mine')), 'mine', 'the source that is given');
SELECT is(ARRAY(SELECT row(title, reason)::text FROM events_from_ics(E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nBEGIN:VEVENT\nSUMMARY:b\nDTSTART:20260101')),
          '{"(a,\"the event has no END:VEVENT\")","(b,\"the event has no END:VEVENT\")"}'::text[], 'an event that does not end');
SELECT is((SELECT event FROM ics_events(E'BEGIN:VEVENT\nUID:u\nSUMMARY:a "b"\nDTSTART:20260101\nEND:VEVENT', NULL, NULL)),
          '{"uid": "u", "summary": "a \"b\"", "start": "2026-01-01", "end": "2026-01-01", "categories": []}'::jsonb, 'as JSON');

-- Zones --------------------------------------------------------------------------------------------------------------

SELECT is(pg_temp.starts(lines, zone => 'Asia/Tokyo'), wanted::text[], lines)
FROM (VALUES ('DTSTART:20260501T190000', '{2026-05-01 10:00}'), ('DTSTART:20260501T190000Z', '{2026-05-01 19:00}'),
             ('DTSTART;TZID=America/New_York:20260501T190000', '{2026-05-01 23:00}'), ('DTSTART;VALUE=DATE:20260501', '{2026-04-30 15:00}'),
             ('DTSTART;TZID=/example.org/20260101_1/Europe/Madrid:20260501T190000', '{2026-05-01 17:00}'),
             ('DTSTART;TZID=W. Europe Standard Time:20260501T190000', '{"time zone \"W. Europe Standard Time\" is not known"}'),
             ('DTSTART:20260230T190000', '{"cannot read DTSTART \"20260230T190000\""}')) v (lines, wanted);
SELECT throws_ok($$SELECT * FROM events_from_ics('', zone => 'Mars')$$, '22023', 'time zone "Mars" is not known');

-- Recurrence ---------------------------------------------------------------------------------------------------------

SELECT is(pg_temp.starts(lines, until::timestamptz), wanted::text[], lines || coalesce(' until ' || until, ''))
FROM (VALUES
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY;COUNT=3', NULL, '{2026-05-01 19:00,2026-05-08 19:00,2026-05-15 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY', '2026-05-15 18:59+00', '{2026-05-01 19:00,2026-05-08 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY', '2026-05-15 19:00+00', '{2026-05-01 19:00,2026-05-08 19:00,2026-05-15 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY', '2020-01-01', '{2026-05-01 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY;COUNT=3', 'infinity', '{2026-05-01 19:00,2026-05-08 19:00,2026-05-15 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY;COUNT=3', '-infinity', '{2026-05-01 19:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=WEEKLY', NULL, '{2026-05-01 19:00}'),
    -- the local hour stays when clocks change
    (E'DTSTART;TZID=Europe/Madrid:20261018T190000\nRRULE:FREQ=WEEKLY;UNTIL=20261101T180000Z', NULL, '{2026-10-18 17:00,2026-10-25 18:00,2026-11-01 18:00}'),
    (E'DTSTART;TZID=Europe/Madrid:20261018T190000\nRRULE:FREQ=WEEKLY;UNTIL=20261101T175959Z', NULL, '{2026-10-18 17:00,2026-10-25 18:00}'),
    (E'DTSTART;VALUE=DATE:20260131\nRRULE:FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20260331', NULL, '{2026-01-31 00:00,2026-02-28 00:00,2026-03-31 00:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE:20260502T190000Z,20260504T190000Z', NULL, '{2026-05-01 19:00,2026-05-03 19:00}'),
    (E'DTSTART;TZID=Europe/Madrid:20260501T190000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20260502', NULL, '{2026-05-01 17:00,2026-05-03 17:00}'),
    (E'DTSTART:20260501T190000Z\nRDATE:20260601T200000Z\nRDATE;TZID=Europe/Madrid:20260515T190000,20260501T210000', NULL, '{2026-05-01 19:00,2026-05-15 17:00,2026-06-01 20:00}'),
    (E'DTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=1\nEXDATE:20260501T190000Z', NULL, '{"no event in the document"}'),
    (E'DTSTART:19990101T190000Z\nRRULE:FREQ=YEARLY;COUNT=3', NULL, '{1999-01-01 19:00,2000-01-01 19:00,2001-01-01 19:00}')) v (lines, until, wanted);
SELECT is((SELECT array_agg(ends_at - starts_at) FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\nDTSTART;TZID=Europe/Madrid:20261024T220000\nDURATION:P1D\nRRULE:FREQ=DAILY;COUNT=2'))),
          '{25:00:00,24:00:00}'::interval[], 'a day of DURATION is a day of the calendar');
SELECT is((SELECT array_agg(source_id) FROM events_from_ics(pg_temp.calendar(E'UID:u\nSUMMARY:x\nDTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=2'))),
          '{u/20260501T190000Z,u/20260502T190000Z}'::text[], 'each occurrence has an id of its own');
SELECT is((SELECT array_agg(row(source_id, title, starts_at)::text) FROM events_from_ics(
    E'BEGIN:VEVENT\nUID:u\nSUMMARY:x\nDTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT\n'
    'BEGIN:VEVENT\nUID:u\nRECURRENCE-ID:20260502T190000Z\nSUMMARY:moved\nDTSTART:20260502T210000Z\nEND:VEVENT\n'
    'BEGIN:VEVENT\nUID:v\nRECURRENCE-ID:20260503T190000Z\nSUMMARY:another one''s\nDTSTART:20260502T210000Z\nEND:VEVENT')),
    '{"(u/20260501T190000Z,x,\"01.05.2026 19:00:00 UTC\")","(u/20260503T190000Z,x,\"03.05.2026 19:00:00 UTC\")","(u/20260502T190000Z,moved,\"02.05.2026 21:00:00 UTC\")","(v/20260503T190000Z,\"another one''s\",\"02.05.2026 21:00:00 UTC\")"}'::text[],
    'an event with a RECURRENCE-ID stands for that occurrence, and keeps its id');
SELECT is((SELECT row(starts_at, remarks, reason)::text FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\nDTSTART:20260501T190000Z\nRRULE:FREQ=DAILY'))),
          '("01.05.2026 19:00:00 UTC","{""recurs without an end, and no date to expand until is given: only the first""}",)', 'a rule without an end says so');

SELECT is((SELECT row(starts_at, reason)::text FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\nDTSTART:20260501T190000Z\n' || line), '2027-01-01')), format('("01.05.2026 19:00:00 UTC","%s")', replace(reason, '"', '""')), line)
FROM (VALUES ('RRULE:FREQ=HOURLY', 'RRULE: unsupported FREQ "HOURLY"'), ('RRULE:FREQ=DAILY;BYSETPOS=1', 'RRULE: unsupported part "BYSETPOS"'),
             (E'RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY', 'more than one RRULE'), ('EXRULE:FREQ=DAILY', 'unsupported property "EXRULE"'),
             ('RDATE;VALUE=DATE:20260601', 'one of DTSTART and RDATE is a date, the other a time'),
             ('RDATE;VALUE=PERIOD:20260501T190000Z/PT1H', 'cannot read RDATE "20260501T190000Z/PT1H"'),
             ('DTEND:tomorrow', 'cannot read DTEND "tomorrow"'), ('DURATION:long', 'cannot read DURATION "long"'), ('DTEND;VALUE=DATE:20260502', 'one of DTSTART and DTEND is a date, the other a time'),
             (E'RRULE:FREQ=DAILY\nEXDATE:never', 'cannot read EXDATE "never"'), ('RECURRENCE-ID;RANGE=THISANDFUTURE:20260501T190000Z', 'unsupported parameter "RANGE"')) v (line, reason);
SELECT throws_ok($$SELECT * FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\nDTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=999999999'))$$, '54000', 'the event "x" happens more than 10000 times');
SELECT is((SELECT count(*) FROM events_from_ics(pg_temp.calendar(E'SUMMARY:x\nDTSTART:20260501T190000Z\nRRULE:FREQ=DAILY;COUNT=10000'))), 10000::bigint, 'as many as are allowed');

SELECT * FROM finish();
ROLLBACK;
