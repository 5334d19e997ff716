-- After SET @tickets, @slots: tickets, slots and codes as reservation-bench numbers them without --admin.
DELETE FROM ticket_reservations;
DELETE FROM tickets;
DELETE FROM reservation_slots;
INSERT INTO reservation_slots (id, orq, date, start_time, end_time, total_capacity)
    SELECT seq, 1, DATE '2027-01-01' + INTERVAL (seq - 1) MOD 25 DAY, SEC_TO_TIME((seq - 1) DIV 25 * 600), '23:59:00', 1000000
    FROM seq_1_to_1000000 WHERE seq <= @slots;
INSERT INTO tickets (id, ticket_code, orq, order_id, status, product_id, activated_at)
    SELECT seq, CONCAT('TKT-2026-BENCHM-', LPAD(seq, 6, '0')), 1, 456, 'ACTIVATED', 5, NOW() FROM seq_1_to_1000000 WHERE seq <= @tickets;
