-- event_explain: a row for each criterion that counts.
SELECT criterion, round(value::numeric, 4) AS value, round(utility::numeric, 6) AS utility, weight, round(contribution::numeric, 6) AS contribution, missing
FROM event_explain(event_facts(51.5, -0.12, 32.5, NULL, '2026-12-04 20:00+00'),
     event_pref(latitude => 51.5072, longitude => -0.1276, within_km => 5, budget => 20, crowd => 100, starts => '2026-12-04 19:00+00', price_weight => 2));
-- The start is in seconds of the Unix epoch.
SELECT to_timestamp(value) AT TIME ZONE 'UTC' AS start FROM event_explain(event_facts(starts_at => '2026-12-04 20:00+00'), event_pref(starts => '2026-12-04 19:00+00'));

-- product: factors; min: the least; skip: left out; exclude: nothing contributes; weight 0 does not show.
\set facts 'event_facts(price => 40, attendees => 400)'
SELECT criterion, utility, round(contribution::numeric, 6) AS factor FROM event_explain(:facts, '{"price": {"offset": 20, "scale": 20, "weight": 3}, "attendees": {"pivot": 100}, "combine": "product"}');
SELECT criterion, utility, contribution FROM event_explain(:facts, '{"price": {"offset": 20, "scale": 20, "weight": 3}, "attendees": {"pivot": 100}, "combine": "min"}');
SELECT criterion, value, utility, contribution, missing FROM event_explain(event_facts(price => 40), '{"price": {"offset": 20, "scale": 20}, "attendees": {"pivot": 100, "missing": "skip"}, "start": {"origin": "2026-12-04", "scale": 9, "weight": 0}}');
SELECT criterion, value, utility, contribution, missing FROM event_explain(event_facts(price => 40), '{"price": {"offset": 20, "scale": 20}, "attendees": {"pivot": 100, "missing": "exclude"}}');

-- For sum the contributions sum to the score bit for bit, in row order.
SELECT setseed(0.42);
CREATE TABLE explain_events AS
SELECT g, event_facts(lat, random() * 360 - 180, CASE WHEN random() < 0.8 THEN random() * 100 END, CASE WHEN random() < 0.8 THEN random() * 1000 END,
                   CASE WHEN random() < 0.8 THEN timestamptz '2026-12-04' + random() * interval '10 days' END) AS f,
       event_pref(latitude => random() * 180 - 90, longitude => 0, within_km => 5000 * random() + 1, budget => random() * 50, crowd => random() * 500 + 1, starts => '2026-12-06',
                  location_weight => random(), price_weight => random(), attendees_weight => random(), start_weight => random(),
                  missing => (ARRAY['worst', 'skip', 'exclude'])[1 + g % 3]) AS p
FROM (SELECT g, random() * 180 - 90 AS lat FROM generate_series(1, 3000) g) x;
SELECT count(*) AS n, count(*) FILTER (WHERE contributions <> event_score(f, p)) AS differs,
       count(*) FILTER (WHERE event_score(f, p) > 0) > 2000 AS mostly_positive
FROM explain_events, LATERAL (SELECT sum(contribution ORDER BY o) AS contributions FROM event_explain(f, p) WITH ORDINALITY AS e(criterion, value, utility, weight, contribution, missing, o)) e;
DROP TABLE explain_events;
