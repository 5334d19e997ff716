// The card's service as its authors would write it: Node, Express, MariaDB, one worker a core. For comparison only.
//
// environment: PORT, DATABASE_SOCKET, WORKERS, CONNECTIONS (in all)
'use strict'

const cluster = require('cluster')
const express = require('express')
const mysql = require('mysql')
const qrcode = require('qrcode-generator')

const png = require('./png')

const workers = Number(process.env.WORKERS || 2)
const ticketCodeForm = /^TKT-\d{4}-[A-Z0-9]{6}-[A-Z0-9]{6}$/
const emailForm = /^[^\s@]+@[^\s@]+\.[^\s@]+$/
const phoneForm = /^\+[1-9]\d{6,14}$/

class Refusal extends Error {
  constructor(status, code) {
    super(code)
    this.status = status
    this.code = code
  }
}

function ask(connection, sql, values) {
  return new Promise((resolve, reject) => {
    connection.query(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)))
  })
}

function acquire(pool) {
  return new Promise((resolve, reject) => {
    pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)))
  })
}

function qrCode(text) {
  const code = qrcode(0, 'M')
  code.addData(text)
  code.make()
  return png.dataURL(code.getModuleCount(), (row, column) => code.isDark(row, column))
}

async function reserve(connection, ticketId, slotId, email, phone) {
  await ask(connection, 'START TRANSACTION')
  try {
    const [slot] = await ask(
      connection,
      'SELECT id, date, start_time, end_time, total_capacity, booked_count, status, orq FROM reservation_slots WHERE id = ? FOR UPDATE',
      [slotId])
    if (!slot) throw new Refusal(404, 'SLOT_NOT_FOUND')
    if (slot.status === 'CLOSED') throw new Refusal(409, 'SLOT_CLOSED')
    if (slot.status === 'FULL' || slot.booked_count >= slot.total_capacity) throw new Refusal(409, 'SLOT_FULL')
    const [ticket] = await ask(connection, 'SELECT id, ticket_code, status, orq FROM tickets WHERE id = ? FOR UPDATE', [ticketId])
    if (!ticket) throw new Refusal(404, 'TICKET_NOT_FOUND')
    if (ticket.status !== 'ACTIVATED') throw new Refusal(409, 'TICKET_NOT_ACTIVATED')
    if (ticket.orq !== slot.orq) throw new Refusal(403, 'ORGANIZATION_MISMATCH')
    const existing = await ask(connection, "SELECT id FROM ticket_reservations WHERE ticket_id = ? AND status = 'RESERVED'", [ticketId])
    if (existing.length > 0) throw new Refusal(409, 'TICKET_ALREADY_RESERVED')
    const made = await ask(
      connection,
      `INSERT INTO ticket_reservations (ticket_id, slot_id, customer_email, customer_phone, reserved_at, status, orq)
       VALUES (?, ?, ?, ?, NOW(), 'RESERVED', ?)`,
      [ticketId, slotId, email, phone, slot.orq])
    await ask(
      connection, "UPDATE tickets SET status = 'RESERVED', reserved_at = NOW(), customer_email = ?, customer_phone = ? WHERE id = ?",
      [email, phone, ticketId])
    await ask(connection, 'UPDATE reservation_slots SET booked_count = booked_count + 1 WHERE id = ?', [slotId])
    if (slot.booked_count + 1 >= slot.total_capacity) {
      await ask(connection, "UPDATE reservation_slots SET status = 'FULL' WHERE id = ?", [slotId])
    }
    await ask(connection, 'COMMIT')
    return { id: made.insertId, ticket, slot }
  } catch (error) {
    await ask(connection, 'ROLLBACK')
    throw error
  }
}

function serve() {
  const pool = mysql.createPool({
    socketPath: process.env.DATABASE_SOCKET, user: 'root', database: 'portal', dateStrings: true,
    connectionLimit: Math.max(1, Math.floor(Number(process.env.CONNECTIONS || 32) / workers)),
  })
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.use(express.json())

  const answering = (handler) => (request, response) => {
    handler(request, response).catch((error) => {
      const status = error.status || 500
      response.status(status).json({ success: false, error: { code: error.code || 'INTERNAL', message: error.message } })
    })
  }

  app.post('/api/reservations/create', answering(async (request, response) => {
    const { ticket_id: ticketId, slot_id: slotId, customer_email: email, customer_phone: phone } = request.body
    if (!Number.isInteger(ticketId) || !Number.isInteger(slotId)) throw new Refusal(400, 'INVALID_REQUEST')
    if (!emailForm.test(email) || !phoneForm.test(phone)) throw new Refusal(400, 'INVALID_CONTACT')
    const connection = await acquire(pool)
    let made
    try {
      made = await reserve(connection, ticketId, slotId, email, phone)
    } finally {
      connection.release()
    }
    response.json({
      success: true,
      data: {
        reservation_id: made.id,
        ticket_code: made.ticket.ticket_code,
        slot: { date: made.slot.date, start_time: made.slot.start_time, end_time: made.slot.end_time },
        confirmation_sent: true,
        qr_code: qrCode(made.ticket.ticket_code),
      },
    })
  }))

  app.post('/api/tickets/validate', answering(async (request, response) => {
    const code = request.body.ticket_code
    if (!ticketCodeForm.test(code)) throw new Refusal(400, 'INVALID_TICKET_CODE')
    const [ticket] = await ask(
      pool,
      `SELECT t.id, t.ticket_code, t.status, t.product_id, t.order_id, r.id AS reservation_id
       FROM tickets t LEFT JOIN ticket_reservations r ON t.id = r.ticket_id AND r.status = 'RESERVED'
       WHERE t.ticket_code = ? AND t.orq = ?`,
      [code, 1])
    if (!ticket) throw new Refusal(400, 'TICKET_NOT_FOUND')
    if (ticket.status !== 'ACTIVATED') throw new Refusal(409, 'TICKET_NOT_ACTIVATED')
    response.json({
      success: true,
      data: {
        ticket_id: ticket.id, ticket_code: ticket.ticket_code, status: ticket.status, product_id: ticket.product_id,
        order_id: ticket.order_id,
      },
    })
  }))

  app.get('/api/reservation-slots/available', answering(async (request, response) => {
    const slots = await ask(
      pool,
      `SELECT id, date, start_time, end_time, NULL AS venue_id, total_capacity, booked_count, total_capacity - booked_count AS available_count,
         status, CASE WHEN booked_count >= total_capacity THEN 'FULL' WHEN booked_count * 2 > total_capacity THEN 'LIMITED'
         ELSE 'AVAILABLE' END AS capacity_status, orq, created_at, updated_at
       FROM reservation_slots WHERE orq = ? AND date BETWEEN ? AND LAST_DAY(?) AND status <> 'CLOSED' ORDER BY date, start_time`,
      [1, `${request.query.month}-01`, `${request.query.month}-01`])
    response.json({
      success: true, data: slots,
      metadata: {
        month: request.query.month, total_slots: slots.length, unique_dates: new Set(slots.map((slot) => slot.date)).size,
        time_zone: 'Etc/UTC',
      },
    })
  }))

  app.listen(Number(process.env.PORT), '127.0.0.1')
}

if (cluster.isPrimary) {
  for (let worker = 0; worker < workers; worker += 1) cluster.fork()
  process.on('SIGTERM', () => process.exit(0))
} else {
  serve()
}
