-- psql -v tickets=N -v slots=N: tickets and slots with the numbers from 1 on, and nothing reserved.
TRUNCATE ticket_reservations, tickets, reservation_slots RESTART IDENTITY CASCADE;
INSERT INTO reservation_slots (id, orq, date, start_time, end_time, total_capacity)
    SELECT n, 1, date '2040-01-01' + n, '12:00', '14:00', 1000000 FROM generate_series(1, :slots) AS n;
INSERT INTO tickets (id, ticket_code, orq, order_id, status, product_id, activated_at)
    SELECT n, format('TKT-2026-%s-%s', upper(substr(md5(n::text), 1, 6)), upper(substr(md5(n::text), 7, 6))), 1, 456, 'ACTIVATED', 5, now()
    FROM generate_series(1, :tickets) AS n;
VACUUM ANALYZE tickets, reservation_slots, ticket_reservations;
CHECKPOINT;
