-- Events from several sites: every function, on documents written for it.
--
--     psql -X -q -f test/pgtap/events_import.sql

\ir ../oracle/tap.sql

BEGIN;
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS shortlist;
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'German';       -- nothing of what follows may read it
SET LOCAL IntervalStyle = 'sql_standard';

SELECT plan(200);

-- One event of JSON-LD, of which only the parts that matter are given.
CREATE FUNCTION pg_temp.one(event jsonb, zone text DEFAULT NULL, currency text DEFAULT NULL) RETURNS event_listing LANGUAGE sql AS
$$ SELECT * FROM events_from_jsonld('{"@type": "Event", "name": "x", "startDate": "2026-05-01T19:00Z"}'::jsonb || event, zone => zone, currency => currency) $$;

-- Times --------------------------------------------------------------------------------------------------------------

SELECT is(event_time(value, zone), wanted::timestamptz, format('time %s in %s', value, zone))
FROM (VALUES ('2026-05-01T19:00:00+02:00', 'Asia/Tokyo', '2026-05-01 17:00+00'),
             ('2026-05-01T19:00:00+0200', NULL, '2026-05-01 17:00+00'),
             ('2026-05-01T19:00Z', NULL, '2026-05-01 19:00+00'),
             ('2026-05-01 19:00:30.25', 'Europe/Madrid', '2026-05-01 17:00:30.25+00'),
             ('2026-05-01T19:00:30.1234567Z', NULL, '2026-05-01 19:00:30.123456+00'),
             ('2026-05-01T19:00:30.123456789+02:00', NULL, '2026-05-01 17:00:30.123456+00'),
             ('2026-05-01T19:00:30.1234567.1', NULL, NULL),
             ('2026-01-01T19:00', 'Europe/Madrid', '2026-01-01 18:00+00'),
             ('2026-05-01', 'Asia/Tokyo', '2026-04-30 15:00+00'),
             ('2026-05-01T19:00', NULL, '2026-05-01 19:00+00'),
             ('1777662000', NULL, '2026-05-01 19:00+00'),
             -- hours that the change of the clocks leaves out, and has twice: as PostgreSQL reads them
             ('2026-03-29T02:30', 'Europe/Madrid', '2026-03-29 01:30+00'),
             ('2026-10-25T02:30', 'Europe/Madrid', '2026-10-25 01:30+00'),
             ('9th', NULL, NULL), ('tomorrow', NULL, NULL), ('now', NULL, NULL), ('', NULL, NULL), ('2026-02-30', NULL, NULL),
             ('2026-05-01T25:00', NULL, NULL), ('01/05/2026', NULL, NULL), ('infinity', NULL, NULL), ('2026-05-01T19:00 Europe/Madrid', NULL, NULL),
             ('300000-01-01', NULL, NULL), (NULL, NULL, NULL)) v (value, zone, wanted);
SELECT is(event_time('2026-03-28', 'Europe/Madrid', 1), '2026-03-28 23:00+00'::timestamptz, 'a day later is a day of the zone');
SELECT is(event_time('2026-03-29', 'Europe/Madrid', 1), '2026-03-29 22:00+00'::timestamptz, 'even if it has 23 hours');
SELECT throws_ok($$SELECT event_time('2026-05-01', 'Nowhere/At all')$$, '22023', 'time zone "Nowhere/At all" is not known');
SELECT is(event_zone('Europe/Madrid'), 'Europe/Madrid', 'a zone that is known');
SELECT is(event_zone('W. Europe Standard Time'), NULL, 'one that is not');

-- Money --------------------------------------------------------------------------------------------------------------

SELECT is(event_price('$1,234.50'), 1234.50, 'an amount with a sign and groups');
SELECT is(event_price('free'), 0::numeric, 'free');
SELECT is(event_price('call us'), NULL, 'no amount');
SELECT is(event_price_currency('12,50 ' || U&'\20AC'), 'EUR', 'a sign of one currency');
SELECT is(event_price_currency('$5'), NULL, 'a sign of several');

INSERT INTO event_exchange_rates VALUES ('EUR', 1), ('USD', 1.25), ('GBP', 0.8), ('JPY', 150);
SELECT is(event_convert_price(10, 'USD', 'EUR'), 8::numeric, 'to the base');
SELECT is(event_convert_price(10, 'EUR', 'USD'), 12.5, 'from it');
SELECT is(event_convert_price(10, 'USD', 'GBP'), 6.4, 'across it: 10 / 1.25 * 0.8');
SELECT is(event_convert_price(1, 'JPY', 'EUR'), 0.0067, 'to four places');
SELECT is(event_convert_price(10, 'CHF', 'EUR'), NULL, 'a missing rate is unknown, not 0');
SELECT is(event_convert_price(10, 'EUR', 'CHF'), NULL, 'on either side');
SELECT is(event_convert_price(10, NULL, 'EUR'), NULL, 'as is a missing currency');
SELECT is(event_convert_price(0, NULL, 'EUR'), 0::numeric, 'but nothing is nothing in every currency');
SELECT is(event_convert_price(10, 'CHF', 'CHF'), 10::numeric, 'and needs no rate to stay what it is');
SELECT throws_ok($$INSERT INTO event_exchange_rates VALUES ('CHF', 0)$$, '23514');
SELECT throws_ok($$INSERT INTO event_exchange_rates VALUES ('CHF', 'NaN')$$, '23514');
SELECT throws_ok($$INSERT INTO event_exchange_rates VALUES ('chf', 1)$$, '23514');

-- JSON-LD: where events are ------------------------------------------------------------------------------------------

SELECT is(ARRAY(SELECT title FROM events_from_jsonld(document::jsonb) WHERE title IS NOT NULL), titles::text[], name)
FROM (VALUES ('a single object', '{"@type": "Event", "name": "a"}', '{a}'),
             ('an array', '[{"@type": "Event", "name": "a"}, {"@type": "MusicEvent", "name": "b"}]', '{a,b}'),
             ('@graph', '{"@graph": [{"@type": "WebPage", "name": "w"}, {"@type": "Event", "name": "a"}]}', '{a}'),
             ('several types', '{"@type": ["TouristAttraction", "Festival"], "name": "a"}', '{a}'),
             ('prefixes of any name, and type for @type', '[{"@type": "sdo:Event", "sdo:name": "a"}, {"type": ["Thing", "MusicEvent"], "name": "b", "foaf:name": "c"}]', '{a,b}'),
             ('types with prefixes', '[{"@type": "schema:Event", "schema:name": "a"}, {"@type": "https://schema.org/SportsEvent", "http://schema.org/name": "b"}]', '{a,b}'),
             ('within other things', '{"@type": "MusicGroup", "name": "g", "event": [{"@type": "Event", "name": "a"}]}', '{a}'),
             ('within events: the outer first', '{"@type": "Event", "name": "a", "subEvent": {"@type": "Event", "name": "b"}}', '{a,b}'),
             ('a reservation is none', '{"@type": "EventReservation", "name": "r", "reservationFor": {"@type": "Event", "name": "a"}}', '{a}'),
             ('nor is a mere reference', '[{"@type": "Event", "@id": "#1"}, {"@type": "Event", "@id": "#2", "name": "a"}]', '{a}'),
             ('a title in several languages is the first', '{"@type": "Event", "name": [{"@language": "es", "@value": "uno"}, {"@language": "en", "@value": "one"}]}', '{uno}'),
             ('white space goes', '{"@type": "Event", "name": "  a \n  b\t"}', '{"a b"}')) v (name, document, titles);
SELECT is((SELECT row(source, title, starts_at, reason)::text FROM events_from_jsonld(document::jsonb)), wanted, 'no event: ' || document)
FROM (VALUES ('{"@type": "JobPosting"}', '(schema.org,,,"no event in the document")'),
             ('[]', '(schema.org,,,"no event in the document")'), ('"text"', '(schema.org,,,"no event in the document")'),
             ('null', '(schema.org,,,"no event in the document")'), ('{"@type": 7}', '(schema.org,,,"no event in the document")'),
             ('{"@type": "Event"}', '(schema.org,,,"no title; no start")')) v (document, wanted);
SELECT is((SELECT count(*) FROM events_from_jsonld(NULL)), 0::bigint, 'no document has no rows');
SELECT is((SELECT concat_ws(' | ', title, place, url) FROM events_from_jsonld('{"@type": "Event", "name": "Rock &amp; Roll &#8211; <3 &nosuch;", "startDate": "2026-05-01", "location": "Caf&eacute;", "url": "https://a.org/?x=1&amp;y=2&z=3"}')),
          'Rock & Roll – <3 &nosuch; | Café | https://a.org/?x=1&y=2&z=3', 'character references in texts');
SELECT is((SELECT array_agg(event ORDER BY number) FROM jsonld_events('[{"@type": "Event", "schema:name": {"@value": "a"}, "location": "Rome"}, 1]')),
          ARRAY['{"@type": "Event", "name": "a", "location": {"name": "Rome"}}'::jsonb], 'the plain form of an event');

-- JSON-LD: columns ---------------------------------------------------------------------------------------------------

SELECT is(row((e).source, (e).source_id, (e).url)::text, '(example.org,i1,https://www.example.org/a?b=c)', 'source is the host; identifier; URL')
FROM (SELECT pg_temp.one('{"identifier": "i1", "url": "https://www.example.org/a?b=c"}') e) s;
SELECT is((SELECT source FROM events_from_jsonld('{"@type": "Event", "url": "https://u:p@Example.org:8080/"}')), 'example.org', 'a host without user and port');
SELECT is((SELECT source FROM events_from_jsonld('{"@type": "Event", "url": "https://example.org/"}', source => 'mine')), 'mine', 'or the source that is given');

SELECT is(row((e).starts_at, (e).date_only, (e).ends_at, (e).remarks, (e).reason)::text, wanted, event)
FROM (SELECT event, wanted, pg_temp.one(event::jsonb, 'America/New_York') e FROM (VALUES
    ('{"startDate": "2026-05-01T19:00", "endDate": "2026-05-01T21:30"}', '("01.05.2026 23:00:00 UTC",f,"02.05.2026 01:30:00 UTC",,)'),
    ('{"startDate": "2026-05-01T19:00+02:00"}', '("01.05.2026 17:00:00 UTC",f,,,)'),
    ('{"startDate": "2026-05-01", "endDate": "2026-05-03"}', '("01.05.2026 04:00:00 UTC",t,"04.05.2026 04:00:00 UTC",,)'),
    ('{"startDate": "2026-05-01T19:00", "duration": "PT2H30M"}', '("01.05.2026 23:00:00 UTC",f,"02.05.2026 01:30:00 UTC",,)'),
    ('{"startDate": "2026-05-01T19:00", "duration": "two hours"}', '("01.05.2026 23:00:00 UTC",f,,"{""duration \\""two hours\\"" cannot be read""}",)'),
    ('{"startDate": "2026-05-01T19:00", "endDate": "late"}', '("01.05.2026 23:00:00 UTC",f,,"{""end \\""late\\"" is not an ISO 8601 time""}",)'),
    ('{"startDate": "2026-05-01T19:00", "endDate": "2026-04-01"}', '("01.05.2026 23:00:00 UTC",f,,"{""ends before it starts""}",)'),
    ('{"startDate": "soon"}', '(,,,,"start ""soon"" is not an ISO 8601 time")'),
    ('{"startDate": null}', '(,,,,"no start")'),
    ('{"startDate": ["2026-05-01T10:00Z", "2026-05-02T10:00Z"]}', '("01.05.2026 10:00:00 UTC",f,,,)'),
    ('{"startDate": {"@type": "xsd:dateTime", "@value": "2026-05-01T10:00Z"}}', '("01.05.2026 10:00:00 UTC",f,,,)'),
    ('{"name": ""}', '("01.05.2026 19:00:00 UTC",f,,,"no title")')) v (event, wanted)) s;

SELECT is(row((e).latitude, (e).longitude, (e).place, (e).online, (e).remarks)::text, wanted, event)
FROM (SELECT event, wanted, pg_temp.one(event::jsonb) e FROM (VALUES
    ('{"location": {"@type": "Place", "name": "Hall", "geo": {"latitude": "51.5", "longitude": -0.1}}}', '(51.5,-0.1,Hall,f,)'),
    ('{"location": {"@type": "Place", "name": "Hall", "address": {"@type": "PostalAddress", "streetAddress": "Long Street 1", "addressLocality": "Rome"}}}', '(,,"Hall, Long Street 1, Rome",f,)'),
    ('{"location": {"@type": "Place", "latitude": 1, "longitude": 2}}', '(1,2,,f,)'),
    ('{"location": {"@type": "VirtualLocation", "url": "https://example.org"}}', '(,,,t,)'),
    ('{"location": [{"@type": "VirtualLocation"}, {"@type": "Place", "name": "Hall"}]}', '(,,Hall,t,)'),
    ('{"location": "Rome"}', '(,,Rome,,)'),
    ('{"location": ["Rome", "Paris"]}', '(,,"Rome, Paris",,)'),
    ('{"eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode"}', '(,,,t,)'),
    ('{"eventAttendanceMode": "OfflineEventAttendanceMode"}', '(,,,f,)'),
    ('{"eventAttendanceMode": "MixedEventAttendanceMode"}', '(,,,t,)'),
    ('{"location": {"geo": {"latitude": 95, "longitude": 2}}}', '(,,,,"{""latitude \\""95\\"" and longitude \\""2\\"" are not a place""}")'),
    ('{"location": {"geo": {"latitude": 0, "longitude": 0}}}', '(,,,,"{""latitude \\""0\\"" and longitude \\""0\\"" are not a place""}")'),
    ('{"location": {"geo": {"latitude": "north"}}}', '(,,,,"{""latitude \\""north\\"" and longitude \\""\\"" are not a place""}")'),
    ('{"location": {"geo": {"latitude": 1e300, "longitude": 1}}}', '(,,,,"{""latitude \\""1' || repeat('0', 59) || '\\"" and longitude \\""1\\"" are not a place""}")')) v (event, wanted)) s;
SELECT is((SELECT row(latitude, place)::text FROM events_from_jsonld('{"@graph": [
    {"@type": "Event", "name": "a", "startDate": "2026-05-01", "location": {"@id": "#hall"}},
    {"@id": "#hall", "@type": "Place", "name": "Hall", "geo": {"@id": "#geo"}}, {"@id": "#geo", "latitude": 5, "longitude": 6}]}')),
    '(5,Hall)', 'references are followed, from the location on too');
SELECT is((SELECT place FROM events_from_jsonld('{"@type": "Event", "@id": "#e", "name": "a", "startDate": "2026-05-01", "location": {"@id": "#p", "name": "Hall", "containedInPlace": {"@id": "#p"}}}')),
    'Hall', 'a reference to itself ends');

SELECT is(row((e).price, (e).price_range, (e).currency, (e).remarks)::text, wanted, coalesce(currency, 'as it is') || ': ' || event)
FROM (SELECT event, currency, wanted, pg_temp.one(event::jsonb, NULL, currency) e FROM (VALUES
    ('{"offers": {"price": "13.00", "priceCurrency": "USD"}}', NULL, '(13,"[13,13]",USD,)'),
    ('{"offers": [{"price": 20, "priceCurrency": "USD"}, {"price": "$10"}]}', NULL, '(10,"[10,20]",USD,)'),
    ('{"offers": {"@type": "AggregateOffer", "lowPrice": 5, "highPrice": "50", "priceCurrency": "eur"}}', NULL, '(5,"[5,50]",EUR,)'),
    ('{"offers": {"priceSpecification": {"price": 7, "priceCurrency": "EUR"}}}', NULL, '(7,"[7,7]",EUR,)'),
    ('{"offers": {"highPrice": 50}}', NULL, '(,"(,50]",,)'),
    ('{}', NULL, '(,,,)'),
    ('{"offers": "example.org/tickets"}', NULL, '(,,,)'),
    ('{"offers": "12 EUR"}', NULL, '(12,"[12,12]",EUR,)'),
    ('{"offers": ["free", "example.org/tickets"]}', NULL, '(0,"[0,0]",,)'),
    ('{"offers": "ask"}', NULL, '(,,,"{""price \\""ask\\"" cannot be read""}")'),
    ('{"isAccessibleForFree": true}', NULL, '(0,"[0,0]",,)'),
    ('{"isAccessibleForFree": "http://schema.org/True", "offers": {"price": 9, "priceCurrency": "EUR"}}', NULL, '(0,"[0,9]",EUR,)'),
    ('{"isAccessibleForFree": false}', NULL, '(,,,)'),
    ('{"offers": {"price": 0}}', 'EUR', '(0,"[0,0]",EUR,)'),
    ('{"offers": {"price": "free"}}', NULL, '(0,"[0,0]",,)'),
    ('{"offers": {"price": "ask"}}', NULL, '(,,,"{""price \\""ask\\"" cannot be read""}")'),
    ('{"offers": {"price": -5}}', NULL, '(,,,"{""price \\""-5\\"" cannot be read""}")'),
    ('{"offers": {"price": 10, "priceCurrency": "USD"}}', 'EUR', '(8,"[8,8]",EUR,)'),
    ('{"offers": {"price": 10, "priceCurrency": "CHF"}}', 'EUR', '(,,CHF,"{""no exchange rate from CHF to EUR""}")'),
    ('{"offers": {"price": 10}}', 'EUR', '(,,,"{""a price without a currency cannot be converted""}")'),
    ('{"offers": [{"price": 10, "priceCurrency": "USD"}, {"price": 9, "priceCurrency": "EUR"}]}', NULL, '(,,,"{""prices in several currencies: EUR, USD""}")')) v (event, currency, wanted)) s;

SELECT is((pg_temp.one(jsonb_build_object('eventStatus', said))).status, wanted, 'status ' || said)
FROM (VALUES ('http://schema.org/EventCancelled', 'cancelled'), ('EventPostponed', 'postponed'), ('schema:EventRescheduled', 'rescheduled'),
             ('https://schema.org/EventMovedOnline', 'moved_online'), ('EventScheduled', 'scheduled'), ('Doubtful', 'doubtful')) v (said, wanted);
SELECT is(ARRAY(SELECT concat(status, ' ', online) FROM events_from_jsonld(jsonb_build_object('@type', 'Event', 'name', 'a', 'startDate', '2026-05-01') || said::jsonb)), ARRAY[wanted], said)
FROM (VALUES ('{"eventStatus": {"@id": "https://schema.org/EventCancelled"}, "eventAttendanceMode": {"@id": "https://schema.org/OnlineEventAttendanceMode"}}', 'cancelled t'),
             ('{"eventStatus": ["schema:EventPostponed"], "location": {"@type": ["Place", "MusicVenue"], "name": "b"}}', 'postponed f')) v (said, wanted);
SELECT is((pg_temp.one('{}')).status, NULL, 'a status that is not said');
SELECT is(row((e).attendees, (e).capacity, (e).tags, (e).remarks)::text, wanted, event)
FROM (SELECT event, wanted, pg_temp.one(event::jsonb) e FROM (VALUES
    ('{"maximumAttendeeCapacity": 120}', '(,120,,)'),
    ('{"location": {"maximumAttendeeCapacity": "300"}}', '(,300,,)'),
    ('{"maximumAttendeeCapacity": "many"}', '(,,,"{""capacity \\""many\\"" cannot be read""}")'),
    ('{"interactionStatistic": {"interactionType": "https://schema.org/JoinAction", "userInteractionCount": 42}}', '(42,,,)'),
    ('{"interactionStatistic": {"interactionType": "https://schema.org/LikeAction", "userInteractionCount": 42}}', '(,,,)'),
    ('{"keywords": "b, a,b ,"}', '(,,"{b,a}",)'),
    ('{"keywords": ["x y", "z"], "genre": "g"}', '(,,"{g,""x y"",z}",)')) v (event, wanted)) s;

-- Sites as data ------------------------------------------------------------------------------------------------------

SELECT is((SELECT row(source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags, remarks, reason)::text
           FROM events_from(site, document::jsonb)), wanted, site)
FROM (VALUES
    ('ticketmaster', '{"_embedded": {"events": [{"type": "event", "id": "T1", "name": "Game", "url": "https://t/1", "dates": {"start": {"localDate": "2026-05-01", "dateTime": "2026-05-02T00:30:00Z", "timeTBA": false}, "status": {"code": "postponed"}},
       "priceRanges": [{"min": 45.0, "max": 300.0, "currency": "USD"}], "classifications": [{"segment": {"name": "Sports"}, "type": {"name": "Undefined"}}],
       "_embedded": {"venues": [{"type": "venue", "name": "Field", "timezone": "America/Chicago", "location": {"latitude": "41.5", "longitude": "-87.5"}}]}}]}}',
     '(ticketmaster,T1,https://t/1,Game,"02.05.2026 00:30:00 UTC",f,,41.5,-87.5,Field,45,"[45,300]",USD,,,,postponed,{Sports},,)'),
    ('ticketmaster', '[{"type": "event", "name": "Day", "dates": {"start": {"localDate": "2026-05-01", "noSpecificTime": true}, "end": {"localDate": "2026-05-02"}}, "_embedded": {"venues": [{"timezone": "America/Chicago"}]}}]',
     '(ticketmaster,,,Day,"01.05.2026 05:00:00 UTC",t,"03.05.2026 05:00:00 UTC",,,,,,,,,,,,,)'),
    ('seatgeek', '{"events": [{"id": 7, "title": "Show", "short_title": "Show", "url": "https://s/7", "datetime_local": "2026-05-01T20:00:00", "time_tbd": false, "status": "normal", "stats": {"lowest_price": 20, "highest_price": 35},
       "venue": {"name": "Hall", "timezone": "America/New_York", "location": {"lat": 40.5, "lon": -73.5}, "capacity": 500}, "taxonomies": [{"name": "concert"}]}]}',
     '(seatgeek,7,https://s/7,Show,"02.05.2026 00:00:00 UTC",f,,40.5,-73.5,Hall,20,"[20,35]",,,500,,scheduled,{concert},,)'),
    ('seatgeek', '{"title": "Later", "short_title": "Later", "datetime_local": "2026-05-01T03:30:00", "time_tbd": true, "venue": {"timezone": "America/New_York", "capacity": 0}}',
     '(seatgeek,,,Later,"01.05.2026 04:00:00 UTC",t,,,,,,,,,,,,,,)'),
    ('seatgeek', '{"title": "Never", "short_title": "Never", "datetime_local": "2026-05-01T03:30:00", "date_tbd": true}',
     '(seatgeek,,,Never,,,,,,,,,,,,,,,,"no start")'),
    ('eventbrite', '{"events": [{"id": "9", "name": {"text": "Class", "html": "<p>Class</p>"}, "url": "https://e/9", "start": {"timezone": "Europe/Paris", "local": "2026-05-01T19:00:00", "utc": "2026-05-01T17:00:00Z"},
       "end": {"utc": "2026-05-01T19:00:00Z"}, "status": "live", "currency": "EUR", "capacity": 30, "online_event": false, "is_free": false, "venue": {"name": "Room", "latitude": "48.85", "longitude": "2.35"},
       "ticket_availability": {"minimum_ticket_price": {"currency": "EUR", "value": 1250, "major_value": "12.50"}, "maximum_ticket_price": {"major_value": "20.00"}}, "category": {"short_name": "Arts"}}]}',
     '(eventbrite,9,https://e/9,Class,"01.05.2026 17:00:00 UTC",f,"01.05.2026 19:00:00 UTC",48.85,2.35,Room,12.5,"[12.5,20]",EUR,,30,f,scheduled,{Arts},,)'),
    ('eventbrite', '{"id": "10", "name": {"text": "Webinar"}, "start": {"utc": "2026-05-01T17:00:00Z"}, "online_event": true, "is_free": true, "status": "canceled"}',
     '(eventbrite,10,,Webinar,"01.05.2026 17:00:00 UTC",f,,,,,0,"[0,0]",,,,t,cancelled,,,)'),
    ('meetup', '{"data": {"results": {"edges": [{"node": {"id": "5", "title": "Talks", "eventUrl": "https://m/5", "dateTime": "2026-05-01T19:00:00+02:00", "duration": "PT2H", "eventType": "PHYSICAL", "status": "ACTIVE",
       "maxTickets": 80, "rsvps": {"totalCount": 41}, "feeSettings": null, "venue": {"name": "Office", "lat": 52.5, "lng": 13.4}}}]}}}',
     '(meetup,5,https://m/5,Talks,"01.05.2026 17:00:00 UTC",f,"01.05.2026 19:00:00 UTC",52.5,13.4,Office,0,"[0,0]",,41,80,f,scheduled,,,)'),
    ('meetup', '{"id": "6", "title": "Call", "eventUrl": "https://m/6", "dateTime": "2026-05-01T19:00:00+02:00", "isOnline": true, "feeSettings": {"amount": 3, "currency": "EUR"}, "venue": {"name": "Online event", "lat": -8.5, "lng": 179.2}}',
     '(meetup,6,https://m/6,Call,"01.05.2026 17:00:00 UTC",f,,,,"Online event",3,"[3,3]",EUR,,,t,,,,)'),
    ('luma', '{"entries": [{"event": {"api_id": "evt-1", "name": "Demo", "url": "https://l/1", "start_at": "2026-05-01T17:00:00.000Z", "end_at": "2026-05-01T19:00:00.000Z", "timezone": "Europe/Paris", "geo_latitude": "48.8", "geo_longitude": "2.3",
       "geo_address_json": {"full_address": "Rue 1, Paris"}, "location_type": "offline"}, "guest_count": 12, "ticket_info": {"price": {"cents": 1550, "currency": "eur"}, "is_free": false}, "tags": [{"name": "ai"}]}], "has_more": false}',
     '(luma,evt-1,https://l/1,Demo,"01.05.2026 17:00:00 UTC",f,"01.05.2026 19:00:00 UTC",48.8,2.3,"Rue 1, Paris",15.5,"[15.5,15.5]",EUR,12,,f,,{ai},,)')
    ) v (site, document, wanted);

SELECT throws_ok($$SELECT * FROM events_from('nosuch', '{}')$$, '22023', 'there is no source "nosuch" of events');
SELECT throws_ok($$SELECT * FROM events_from(NULL, '{}')$$, '22004');
SELECT throws_ok($$SELECT event_source_unknown('nosuch')$$, '22023');
SELECT is((SELECT row(source, reason)::text FROM events_from('luma', '{"entries": []}')), '(luma,"no event in the document")', 'an empty answer');
SELECT is((SELECT count(*) FROM events_from('luma', NULL)), 0::bigint, 'no document has no rows');

INSERT INTO event_sources (source, events, title, starts_at, zone) VALUES ('village', '$.fiestas[*]', '$.nombre', '$.cuando', '$.zona');
SELECT is(row(title, starts_at, reason)::text, wanted, 'a site of one''s own')
FROM events_from('village', '{"fiestas": [{"nombre": "Feria", "cuando": "2026-08-15T20:00", "zona": "Europe/Madrid"}, {"nombre": "Sin zona", "cuando": "2026-08-15T20:00"},
                                          {"nombre": "Marte", "cuando": "2026-08-15T20:00", "zona": "Mars"}, {"nombre": "Con zona", "cuando": "2026-08-15T20:00Z", "zona": "Mars"}]}', zone => 'Asia/Tokyo')
     WITH ORDINALITY e (source, source_id, url, title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags, remarks, reason, n)
JOIN (VALUES (1, '(Feria,"15.08.2026 18:00:00 UTC",)'), (2, '("Sin zona","15.08.2026 11:00:00 UTC",)'),
             (3, '(Marte,,"time zone ""Mars"" is not known")'), (4, '("Con zona","15.08.2026 20:00:00 UTC",)')) w (n, wanted) USING (n) ORDER BY n;
INSERT INTO event_sources (source, events, title, starts_at) VALUES ('luma', '$[*]', '$.t', '$.s');
SELECT is((SELECT title FROM events_from('luma', '[{"t": "own", "s": "2026-01-01"}]')), 'own', 'a row of one''s own takes precedence over a builtin one');
SELECT throws_ok($$SELECT * FROM events_from('village', '{"fiestas": [{"nombre": "x", "cuando": "2026-01-01"}]}', zone => 'Mars')$$, '22023', 'time zone "Mars" is not known');
SELECT is(json_values('{"a": ["x", {"b": 1}, null, " ", 2.50, true, ["y"]]}', '$.a'), '{x,2.50,true}'::text[], 'what a path finds: scalars, of an array each');
SELECT is(json_values('{"a": "x"}', '$.a / 0'), '{}'::text[], 'a path that fails finds nothing');
SELECT is((event_listing_of(s, '{"t": "a", "s": "2026-01-01T00:00Z"}', 'here', NULL, NULL)).source, 'here', 'one event by the paths of a row')
FROM event_sources s WHERE source = 'luma' AND NOT builtin;
SELECT is((SELECT count(*) FROM event_sources s, event_listings_of(s, ARRAY['{"t": "a"}', '{"t": "b"}']::jsonb[], 'here', NULL, NULL) WHERE s.source = 'luma' AND NOT builtin), 2::bigint, 'several');

-- One event on several sites -----------------------------------------------------------------------------------------

CREATE TEMP TABLE listings (id bigint, listing event_listing);
INSERT INTO listings SELECT 1, e FROM events_from_jsonld('{"@type": "Event", "name": "Jazz night at the Blue Note", "url": "https://a.org/1", "startDate": "2026-05-01T20:00Z", "location": {"name": "Blue Note", "geo": {"latitude": 40.7308, "longitude": -74.0005}}, "keywords": "jazz"}') e;
INSERT INTO listings SELECT 2, e FROM events_from_jsonld('{"@type": "Event", "name": "Jazz Night, Blue Note", "url": "https://b.org/9", "startDate": "2026-05-01T20:15Z", "location": {"geo": {"latitude": 40.7310, "longitude": -74.0010}}, "offers": {"price": 25, "priceCurrency": "USD"}, "maximumAttendeeCapacity": 200, "eventStatus": "EventCancelled", "keywords": "music, jazz"}') e;
INSERT INTO listings SELECT 3, e FROM events_from_jsonld('{"@type": "Event", "name": "JAZZ NIGHT AT BLUE NOTE", "url": "https://c.org/z", "startDate": "2026-05-01", "endDate": "2026-05-01", "isAccessibleForFree": false, "eventStatus": "EventScheduled"}') e;
INSERT INTO listings SELECT 4, e FROM events_from_jsonld('{"@type": "Event", "name": "Jazz night at the Blue Note", "url": "https://b.org/10", "startDate": "2026-05-08T20:00Z", "location": {"geo": {"latitude": 40.7308, "longitude": -74.0005}}}') e;
INSERT INTO listings SELECT 5, e FROM events_from_jsonld('{"@type": "Event", "name": "Pottery for beginners", "url": "https://b.org/11", "startDate": "2026-05-01T20:00Z", "location": {"geo": {"latitude": 40.7308, "longitude": -74.0005}}}') e;
INSERT INTO listings SELECT 6, e FROM events_from_jsonld('{"@type": "Event", "name": "Jazz night at the Blue Note", "url": "https://d.org/1", "startDate": "2026-05-01T20:00Z", "location": {"geo": {"latitude": 45.46, "longitude": 9.19}}}') e;
INSERT INTO listings SELECT 7, e FROM events_from_jsonld('{"@type": "Event", "name": "Jazz night at the Blue Note", "url": "https://a.org/2", "startDate": "2026-05-01T20:00Z", "location": {"geo": {"latitude": 40.7308, "longitude": -74.0005}}}') e;
INSERT INTO listings VALUES (8, NULL), (9, jsonb_populate_record(NULL::event_listing, '{"title": "Jazz night at the Blue Note"}'));
UPDATE listings SET listing.source = 'seen twice' WHERE id = 7;

SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT id, (listing).* FROM listings')$$, '42883', 'duplicates of events are found by the extension pg_trgm, which is not installed');
CREATE SCHEMA "out of the way";
CREATE EXTENSION pg_trgm SCHEMA "out of the way";
SELECT throws_ok(format('SELECT * FROM event_duplicates(%L)', query), code, message, 'a query of events: ' || query) FROM (VALUES
    ('SELECT id, source, title FROM listings, LATERAL (SELECT (listing).*) l', '42703', 'the query of events returns no column "starts_at"'),
    ('', '22023', 'the events are not one query that returns rows'), ('SELECT 1; SELECT 2', '22023', 'the events are not one query that returns rows'),
    ('DELETE FROM listings', '22023', 'the events are not one query that returns rows')) v (query, code, message);
SELECT is(ARRAY(SELECT format('%s-%s', a, b) FROM event_duplicates('SELECT id, (listing).* FROM listings') ORDER BY a, b), '{1-2,1-3,1-7,2-3,2-7,3-6,3-7}'::text[],
          'pairs: not of another week, title or city; a day goes with an hour of it, and an unknown place with any if the titles are the same but for a little');
SELECT results_eq($$SELECT km IS NULL, apart FROM event_duplicates('SELECT id, (listing).* FROM listings') WHERE (a, b) IN ((1, 2), (1, 3)) ORDER BY b$$,
                  $$VALUES (false, interval '15 minutes'), (true, interval '20 hours')$$, 'how far apart; what is not known is NULL');
SELECT ok(abs(km - 0.0478) < 0.0005, 'km is the distance: ' || km) FROM event_duplicates('SELECT id, (listing).* FROM listings') WHERE (a, b) = (1, 2);
SELECT is(title_similarity, "out of the way".similarity('Jazz night at the Blue Note', 'Jazz Night, Blue Note'), 'similarity is pg_trgm''s')
FROM event_duplicates('SELECT id, (listing).* FROM listings') WHERE (a, b) = (1, 2);
SELECT is(ARRAY(SELECT format('%s-%s', a, b) FROM event_duplicates('SELECT id, (listing).* FROM listings', within => '10 minutes', similarity_without_place => 1) ORDER BY a, b), '{1-7}'::text[], 'within less time');
SELECT is((SELECT count(*) FROM event_duplicates('SELECT id, (listing).* FROM listings', within_km => 10000)), 10::bigint, 'within more km: the other city too');
SELECT is((SELECT count(*) FROM event_duplicates('SELECT id, NULL AS source, title, starts_at, date_only, latitude, longitude FROM listings, LATERAL (SELECT (listing).*) l WHERE id IN (1, 7) -- all')), 1::bigint, 'sources that are not known may be different; a comment ends the query');
SELECT is((SELECT count(*) FROM event_duplicates('SELECT id, ''s'' AS source, title, starts_at, date_only, latitude, longitude FROM listings, LATERAL (SELECT (listing).*) l')), 0::bigint, 'a site does not list an event twice');
SELECT is((SELECT count(*) FROM event_duplicates('SELECT 1 AS id, ''s'' AS source, ''t'' AS title, now() AS starts_at, false AS date_only, 1 AS latitude, 1 AS longitude WHERE false')), 0::bigint, 'no events');
SELECT is(ARRAY(SELECT format('%s in %s', id, group_id) FROM event_groups('SELECT id, (listing).* FROM listings') ORDER BY id),
          '{"1 in 1","2 in 1","3 in 1","4 in 4","5 in 5","6 in 6","7 in 1","8 in 8","9 in 9"}'::text[], 'groups have all ids, and no two cities: what has no place does not connect them');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT 1 AS id')$$, '42703');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT id, (listing).* FROM listings', within => '1 month')$$, '22023');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT id, (listing).* FROM listings', within => '-1 hour')$$, '22023');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT id, (listing).* FROM listings', within_km => 'NaN')$$, '22023');
SELECT throws_ok($$SELECT * FROM event_groups('SELECT id, (listing).* FROM listings', similarity => 2)$$, '22023');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT 1 AS id, ''s'' AS source, ''t'' AS title, now() AS starts_at, false AS date_only, 91 AS latitude, 1 AS longitude')$$, '22023', 'event 1 has a place that does not exist');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT 1 AS id, ''s'' AS source, ''t'' AS title, now() AS starts_at, false AS date_only, 91 AS latitude, NULL::float8 AS longitude')$$, '22023');
SELECT throws_ok($$SELECT * FROM event_duplicates('SELECT NULL::int AS id, ''s'' AS source, ''t'' AS title, now() AS starts_at, false AS date_only, 1 AS latitude, 1 AS longitude')$$, '22004');
SELECT throws_ok($$SELECT * FROM event_duplicates('DELETE FROM listings RETURNING id, (listing).*')$$, '42601');

CREATE TEMP TABLE merged AS
SELECT group_id, (event_merge(listing)).* FROM listings JOIN event_groups('SELECT id, (listing).* FROM listings') USING (id) WHERE id <> 7 GROUP BY group_id;
SELECT is(row(title, starts_at, date_only, ends_at, latitude, longitude, place, price, price_range, currency, attendees, capacity, online, status, tags)::text,
          '("Jazz Night, Blue Note","01.05.2026 20:15:00 UTC",f,"02.05.2026 00:00:00 UTC",40.731,-74.001,"Blue Note",25,"[25,25]",USD,,200,,cancelled,"{jazz,music}")',
          'of each column the best value that is known') FROM merged WHERE group_id = 1;
SELECT is(provenance, '{"title": "b.org", "starts_at": "b.org", "date_only": "b.org", "ends_at": "c.org", "latitude": "b.org", "longitude": "b.org", "place": "a.org", "price": "b.org",
                        "price_range": "b.org", "currency": "b.org", "capacity": "b.org", "status": "b.org", "tags": ["b.org", "a.org"]}'::jsonb, 'and where it is from') FROM merged WHERE group_id = 1;
SELECT is(ARRAY(SELECT l ->> 'url' FROM jsonb_array_elements(listings) l ORDER BY 1), '{https://a.org/1,https://b.org/9,https://c.org/z}'::text[], 'every URL is kept') FROM merged WHERE group_id = 1;
SELECT is((SELECT count(*) FROM merged), 6::bigint, 'an event for each group');
SELECT is(row((m).title, (m).starts_at, (m).date_only, (m).status, (m).provenance ->> 'title')::text, '("JAZZ NIGHT AT BLUE NOTE","01.05.2026 20:00:00 UTC",f,cancelled,c.org)',
          'a preferred source goes first, but an hour before a day, and cancelled before all')
FROM (SELECT event_merge(array_agg(listing ORDER BY id), '{c.org,a.org}') AS m FROM listings WHERE id <= 3) s;
SELECT is((SELECT event_merge(array_agg(listing ORDER BY id DESC)) FROM listings WHERE id <= 3), (SELECT event_merge(array_agg(listing ORDER BY id)) FROM listings WHERE id <= 3),
          'the order of the listings does not matter');
SELECT is((event_merge(ARRAY[]::event_listing[])).title, NULL, 'of no listings nothing');
SELECT ok(event_merge(NULL::event_listing) IS NULL, 'nor of what an outer join did not find');
SELECT is(jsonb_array_length((event_merge(l)).listings), 1, 'which is passed over') FROM (SELECT listing FROM listings WHERE id = 1 UNION ALL SELECT NULL) s (l);
SELECT is(event_merge_final(ARRAY[listing]), event_merge(ARRAY[listing]), 'the aggregate is the function') FROM listings WHERE id = 1;
SELECT is((SELECT event_facts((m).latitude, (m).longitude, (m).price, (m).capacity, (m).starts_at) IS NOT NULL FROM (SELECT event_merge(listing) m FROM listings WHERE id <= 3) s), true, 'and the merged event ranks');

-- Whose rights, whose search_path ------------------------------------------------------------------------------------

CREATE ROLE shortlist_test_reader;
CREATE SCHEMA hostile;
GRANT USAGE ON SCHEMA hostile TO shortlist_test_reader;
CREATE FUNCTION hostile.btrim(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
CREATE FUNCTION hostile.lower(text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
CREATE FUNCTION hostile.json_values(jsonb, jsonpath) RETURNS text[] LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
CREATE FUNCTION hostile.show_trgm(text) RETURNS text[] LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
CREATE FUNCTION hostile.eq(text, text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'hijacked'; END $$;
CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = hostile.eq);
CREATE TABLE hostile.event_sources (LIKE event_sources);
GRANT SELECT ON hostile.event_sources TO shortlist_test_reader;
CREATE TABLE secret AS SELECT 1 AS id, 's' AS source, 't' AS title, now() AS starts_at, false AS date_only, 1 AS latitude, 1 AS longitude;
SET LOCAL search_path = hostile, pg_catalog, public;
-- pgTAP itself would be hijacked here, so it looks at the answers afterwards.
SELECT title AS by_jsonld FROM public.events_from_jsonld('{"@type": "Event", "name": "a", "startDate": "2026-01-01", "offers": {"price": 3, "priceCurrency": "EUR"}}', currency => 'USD') \gset
SELECT title AS by_path FROM public.events_from('meetup', '{"title": "a", "eventUrl": "b", "dateTime": "2026-01-01"}') \gset
SELECT title AS by_ics FROM public.events_from_ics(E'BEGIN:VEVENT\nSUMMARY:a\nDTSTART:20260101\nEND:VEVENT') \gset
SELECT count(*) AS by_groups FROM public.event_groups('TABLE public.secret') \gset
SELECT (public.event_merge(e)).title AS by_merge FROM public.events_from('meetup', '{"title": "a", "eventUrl": "b", "dateTime": "2026-01-01"}') e \gset
RESET search_path;
SELECT is(ARRAY[:'by_jsonld', :'by_path', :'by_ics', :'by_groups', :'by_merge'], '{a,a,a,1,a}', 'objects of the caller''s search_path are not used');
SET LOCAL ROLE shortlist_test_reader;
SELECT is((SELECT title FROM events_from('meetup', '{"title": "a", "eventUrl": "b", "dateTime": "2026-01-01"}')), 'a', 'anybody may read events');
SELECT throws_ok($$SELECT * FROM event_duplicates('TABLE secret')$$, '42501', 'permission denied for table secret');
SELECT throws_ok($$INSERT INTO event_exchange_rates VALUES ('CHF', 1)$$, '42501');
SELECT throws_ok($$INSERT INTO event_sources (source, events, title, starts_at) VALUES ('x', '$', '$', '$')$$, '42501');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
