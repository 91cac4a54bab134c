-- <=> and @@ between eventfacts and eventpref.

-- Elasticsearch's published values: scale 10, decay 0.5, offset 5, at distance 10 and 25 from the origin, on both sides.
SELECT curve, d, round(event_score(event_facts(attendees => 50 + d),
         ('{"attendees": {"curve": "' || curve || '", "origin": 50, "offset": 5, "scale": 10, "decay": 0.5}}')::eventpref)::numeric, 6) AS score
FROM unnest(ARRAY['gauss', 'exp', 'linear']) curve, unnest(ARRAY[-25, -10, 10, 25]) d ORDER BY curve, d;

-- Half at the scale; whole inside the offset; one side only; another scale below.
SELECT side, price, round(event_score(event_facts(price => price),
         ('{"price": {"curve": "linear", "origin": 50, "offset": 5, "scale": 10, "scale_below": 20, "side": "' || side || '"}}')::eventpref)::numeric, 6) AS score
FROM unnest(ARRAY['both', 'above', 'below']) side, unnest(ARRAY[25, 35, 45, 55, 65, 80]) price ORDER BY side, price;
-- A price is penalised above its origin only, unless the preference says otherwise.
SELECT event_score(event_facts(price => 5), event_pref(budget => 20)) AS cheap, event_score(event_facts(price => 20), event_pref(budget => 20)) AS budget,
       event_score(event_facts(price => 40), event_pref(budget => 20)) AS twice, event_score(event_facts(price => 60), event_pref(budget => 20)) AS thrice;
SELECT event_score(event_facts(price => 0), event_pref(budget => 0)) AS free, event_score(event_facts(price => 0.01), event_pref(budget => 0)) AS not_free;

-- The more the better, with less and less effect.
SELECT attendees, event_score(event_facts(attendees => attendees), event_pref(crowd => 100)) AS saturation,
       event_score(event_facts(attendees => attendees), '{"attendees": {"curve": "sigmoid", "pivot": 100, "exponent": 2}}') AS sigmoid,
       event_score(event_facts(attendees => attendees), '{"attendees": {"curve": "step", "origin": 100, "offset": 50}}') AS step
FROM unnest(ARRAY[0, 50, 100, 151, 300]) attendees;

-- Distance: London to Paris is 343.557 km on this sphere; both poles and the antimeridian are places like others.
SELECT round(value::numeric, 3) AS london_paris FROM event_explain(event_facts(48.8566, 2.3522), event_pref(latitude => 51.5074, longitude => -0.1278, within_km => 5));
SELECT lat, lon, round(value::numeric, 3) AS km
FROM (VALUES (0.0, 179.9, 0.0, -179.9), (0, 180, 0, -180), (90, 0, 90, 123), (89.9, 0, 89.9, 180), (0, 0, 0, 180), (-90, 5, 90, 5)) p(lat, lon, lat2, lon2),
     event_explain(event_facts(lat, lon), event_pref(latitude => lat2, longitude => lon2, within_km => 5));
SELECT event_score(event_facts(51.5, 0), event_pref(latitude => 51.5, longitude => 0, within_km => 5)) AS here;

-- Start: half at a day off, either way; seconds, intervals.
SELECT hours, round(event_score(event_facts(starts_at => timestamptz '2026-12-04 19:00+00' + hours * interval '1 hour'), event_pref(starts => '2026-12-04 19:00+00'))::numeric, 6)
FROM unnest(ARRAY[-48, -24, 0, 12, 24]) hours;

-- Unknown: worst, a number, left out, or the whole event is out.
SELECT missing, event_score(event_facts(attendees => 100), p) AS score, event_facts(attendees => 100) <=> p AS cost, event_facts(attendees => 100) @@ p AS acceptable
FROM unnest(ARRAY['"worst"', '0.8', '"skip"', '"exclude"']) missing,
     LATERAL (SELECT ('{"price": {"scale": 20, "weight": 3, "missing": ' || missing || '}, "attendees": {"pivot": 100}}')::eventpref AS p) x;
SELECT event_score(event_facts(), '{"price": {"scale": 20, "missing": "skip"}, "attendees": {"pivot": 100, "missing": "skip"}}') AS nothing_left,
       event_score(event_facts(), '{"price": {"scale": 20, "weight": 0, "missing": "exclude"}, "attendees": {"pivot": 100, "missing": 0.5}}') AS weight_zero_does_not_count;

-- Combinations by hand: utilities 0.5 (price 40, weight 3) and 0.8 (attendees 400, weight 1).
SELECT combine, round(event_score(event_facts(price => 40, attendees => 400),
         ('{"price": {"offset": 20, "scale": 20, "weight": 3}, "attendees": {"pivot": 100}, "combine": "' || combine || '"}')::eventpref)::numeric, 9) AS score
FROM unnest(ARRAY['sum', 'product', 'min']) combine;
SELECT (0.5 * 3 + 0.8) / 4 AS sum, round((0.5 ^ 0.75 * 0.8 ^ 0.25)::numeric, 9) AS product;
SELECT event_facts(price => 0, attendees => 0) <=> '{"price": {"scale": 20}, "attendees": {"pivot": 100}, "combine": "product"}' AS one_zero_is_zero;

-- Limits: each alone, at its edge, beyond it, and on what is not known.
SELECT limits, event_facts(0, 0.1, 60, 5, '2026-12-01 00:00+00') @@ p AS at_edge, event_facts(0, 1, 61, 4, '2026-11-30 23:59+00') @@ p AS beyond, event_facts() @@ p AS unknown
FROM unnest(ARRAY['{"max_km": 20}', '{"max_price": 60}', '{"min_attendees": 5}', '{"max_attendees": 5}', '{"after": "2026-12-01"}', '{"before": "2026-12-01"}', '{"min_score": 0}']) limits,
     LATERAL (SELECT ('{"location": {"latitude": 0, "longitude": 0, "scale": 5}, "limits": ' || limits || '}')::eventpref AS p) x;
SELECT event_facts(price => 40) @@ '{"price": {"offset": 20, "scale": 20}, "limits": {"min_score": 0.5}}' AS enough,
       event_facts(price => 41) @@ '{"price": {"offset": 20, "scale": 20}, "limits": {"min_score": 0.5}}' AS not_enough;

-- The single event for each person; NULL facts come last.
CREATE TABLE rank_events (title text, lat float8, lon float8, price numeric, attendees int, starts timestamptz);
INSERT INTO rank_events VALUES ('meetup', 51.52, -0.08, 0, 40, '2026-12-04 18:30+00'), ('gala', 51.50, -0.14, 180, 300, '2026-12-04 20:00+00'),
    ('concert', 51.50, 0.00, 45, 15000, '2026-12-05 20:00+00'), ('secret', NULL, NULL, NULL, NULL, NULL), ('paris', 48.86, 2.35, 10, 50, '2026-12-04 19:00+00');
CREATE TABLE rank_users (name text, likes eventpref);
INSERT INTO rank_users VALUES ('thrifty', event_pref(latitude => 51.5072, longitude => -0.1276, within_km => 5, budget => 5, starts => '2026-12-04 19:00+00')),
    ('crowd', event_pref(latitude => 51.5072, longitude => -0.1276, within_km => 20, crowd => 5000, attendees_weight => 3)),
    ('parisian', event_pref(latitude => 48.85, longitude => 2.35, within_km => 2));
SELECT name, title, round(cost::numeric, 4) AS cost FROM rank_users,
     LATERAL (SELECT title, event_facts(lat, lon, price, attendees, starts) <=> likes AS cost FROM rank_events ORDER BY cost LIMIT 1) best ORDER BY name;
SELECT title FROM (SELECT title, CASE WHEN title <> 'secret' THEN event_facts(lat, lon, price, attendees, starts) END AS facts FROM rank_events) e
ORDER BY facts <=> event_pref(budget => 20), title;
SELECT count(*) AS pairs, count(*) FILTER (WHERE (f <=> likes) IS DISTINCT FROM (likes <=> f) OR (f @@ likes) IS DISTINCT FROM (likes @@ f)
         OR event_cost(f, likes) <> pref_cost(likes, f) OR (f <=> likes) <> 1 - event_score(f, likes)) AS disagreements
FROM (SELECT event_facts(lat, lon, price, attendees, starts) AS f, likes FROM rank_events, rank_users ORDER BY title, name) x;
DROP TABLE rank_events, rank_users;
