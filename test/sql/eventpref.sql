-- eventpref: what one person wants.

-- Named arguments; what is not given does not count.
SELECT event_pref(latitude => 51.5072, longitude => -0.1276, within_km => 5, budget => 20, starts => '2026-12-04 19:00+00');
SELECT event_pref(crowd => 100, missing => '0.25') AS crowd, event_pref(budget => 0) AS only_free;
SELECT event_pref(starts => '2026-12-04 19:00+00', around => '2 hours', start_weight => 2.5,
                  budget => 20, price_weight => 0, missing => 'skip', combine => 'product') AS words;
SELECT event_pref(budget => 20, latitude => 51, longitude => 0, max_km => 50, max_price => 60, min_attendees => 5, max_attendees => 500,
                  after => '2026-12-01 00:00+00', before => '2026-12-31 00:00+00', min_score => 0.3) AS limits;

-- Text is JSON. Defaults are not written, but for weight and curve.
SELECT '{"location":  {"latitude": 51.5072, "longitude": -0.1276, "weight": 2, "curve": "exp", "offset": 0, "scale": 5, "decay": 0.5, "missing": "worst"},
         "price":     {"weight": 1, "curve": "linear", "origin": 0, "offset": 20, "scale": 20, "side": "above"},
         "attendees": {"weight": 1, "curve": "saturation", "pivot": 100},
         "start":     {"weight": 1, "curve": "gauss", "origin": "2026-12-04T19:00:00+00:00", "offset": "2 hours", "scale": "1 day"},
         "combine": "sum",
         "limits": {"max_km": 50, "max_price": 60, "min_attendees": 5, "max_attendees": 500, "after": "2026-12-01", "before": "2026-12-31", "min_score": 0.3}}'::eventpref;
SELECT '{"price": {"scale": 20}}'::eventpref AS shortest,
       '{"attendees": {"curve": "gauss", "origin": 50, "scale": 20, "scale_below": 10, "side": "both", "missing": 0.25, "decay": 0.3}}'::eventpref AS two_scales,
       '{"price": {"curve": "step", "offset": 20, "side": "both", "missing": "exclude"}, "combine": "min"}'::eventpref AS step,
       '{"attendees": {"curve": "sigmoid", "pivot": 80, "exponent": 2}}'::eventpref AS sigmoid;

-- A parameter that the curve does not use is kept.
SELECT '{"attendees": {"pivot": 5, "scale": 3, "offset": 1}}'::eventpref;

-- Intervals as extract(epoch from ...) has them; numbers are seconds.
SELECT '{"start": {"origin": "2026-12-04", "scale": "1 day 2 hours", "offset": 90, "scale_below": "1 week"}}'::eventpref,
       extract(epoch FROM interval '1 day 2 hours') AS day_and_two_hours, extract(epoch FROM interval '1 week') AS week;

-- JSON and binary round trips, stored per user and TOASTed like any value.
CREATE TABLE eventpref_users (id int, likes eventpref);
INSERT INTO eventpref_users
SELECT g, ('{"price": {"offset": ' || g || ', "scale": ' || g + 0.5 || ', "missing": "skip"}, "start": {"origin": "2026-12-04T19:00:00.123456Z", "scale": "'
           || g || ' minutes"}, "limits": {"max_price": ' || g * 3 || ', "before": "2027-01-01"}, "combine": "product"}')::eventpref
FROM generate_series(1, 500) g;
SELECT count(*), count(*) FILTER (WHERE likes::text::eventpref::text <> likes::text) AS text_differs,
       count(*) FILTER (WHERE likes::jsonb::eventpref::text <> likes::text) AS json_differs,
       count(*) FILTER (WHERE eventpref_send(likes::text::eventpref) <> eventpref_send(likes)) AS binary_differs
FROM eventpref_users;
DROP TABLE eventpref_users;

-- The same preference, said both ways.
SELECT event_pref(latitude => 51.5, longitude => -0.1, within_km => 5, budget => 20, crowd => 100, starts => '2026-12-04 19:00+00', around => '3 hours')::text =
       '{"location": {"latitude": 51.5, "longitude": -0.1, "scale": 5}, "price": {"offset": 20, "scale": 20}, "attendees": {"pivot": 100},
         "start": {"origin": "2026-12-04T19:00:00Z", "scale": "3 hours"}}'::eventpref::text AS same;
