// A QR code as a PNG of one bit a point: Debian's qrcode-generator itself draws GIFs only, five times slower than this.
'use strict'

const zlib = require('zlib')

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value >>> 0
})

function chunk(kind, data) {
  const bytes = Buffer.alloc(data.length + 12)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(kind, 4, 'latin1')
  data.copy(bytes, 8)
  let crc = 0xffffffff
  for (let index = 4; index < data.length + 8; index += 1) crc = crcTable[(crc ^ bytes[index]) & 0xff] ^ (crc >>> 8)
  bytes.writeUInt32BE((crc ^ 0xffffffff) >>> 0, data.length + 8)
  return bytes
}

// isDark(row, column) for a square of `count` modules.
exports.dataURL = function dataURL(count, isDark, scale = 4, margin = 4) {
  const size = (count + 2 * margin) * scale
  const lineBytes = 1 + Math.ceil(size / 8)
  const points = Buffer.alloc(size * lineBytes, 0xff)
  for (let y = 0; y < size; y += 1) points[y * lineBytes] = 0
  for (let row = 0; row < count; row += 1) {
    const top = (row + margin) * scale * lineBytes
    for (let column = 0; column < count; column += 1) {
      if (!isDark(row, column)) continue
      for (let x = (column + margin) * scale; x < (column + margin + 1) * scale; x += 1) points[top + 1 + (x >> 3)] &= ~(0x80 >> (x & 7))
    }
    for (let copy = 1; copy < scale; copy += 1) points.copy(points, top + copy * lineBytes, top, top + lineBytes)
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(size, 0)
  header.writeUInt32BE(size, 4)
  header[8] = 1
  const png = Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', header), chunk('IDAT', zlib.deflateSync(points)), chunk('IEND', Buffer.alloc(0)),
  ])
  return `data:image/png;base64,${png.toString('base64')}`
}
