-- Wireshark and tshark dissector for RSV/1, the reservation daemon's socket protocol (../spec.md).
--
--   tshark -X lua_script:rsv.lua -r relayed.pcap -V
--
-- Unix sockets cannot be captured directly. Relay one over TCP (socat TCP-LISTEN:7411,fork UNIX:gateway.sock),
-- or write frames into a capture file of link type 147 (USER0).

-- The numbers are copied from registry.json by vectors/generate.py; edit them there.
-- begin generated
local HEADER_BYTES = 24
local MAX_PAYLOAD_BYTES = 1048576
local MAX_DEPTH = 8
local FRAME_TYPES = {
  [1] = "HELLO",
  [2] = "HELLO_ACK",
  [3] = "REQUEST",
  [4] = "RESPONSE",
  [5] = "ERROR",
  [6] = "CANCEL",
  [7] = "PING",
  [8] = "PONG",
  [9] = "GOAWAY",
  [10] = "EVENT",
}
local ENCODINGS = {
  [0] = "NONE",
  [1] = "TLV",
  [2] = "JSON",
}
local FLAGS = {
  [16] = "REPLAYED",
}
local OPERATIONS = {
  [1] = "ticket.validate",
  [2] = "contact.verify",
  [3] = "slots.available",
  [4] = "reservation.create",
  [5] = "daemon.health",
  [6] = "slots.months",
  [7] = "organization.get",
  [8] = "slots.watch",
  [9] = "metrics.read",
  [257] = "tickets.issue",
  [258] = "tickets.import",
  [259] = "tickets.show",
  [272] = "outbox.lease",
  [273] = "outbox.done",
  [274] = "outbox.retry",
  [275] = "outbox.dead_letter",
  [288] = "metrics.report",
  [289] = "tickets.activate",
  [290] = "tickets.check_in",
  [291] = "reservations.cancel",
  [292] = "reservations.move",
  [293] = "tickets.expire",
  [294] = "events.subscribe",
  [513] = "organization.add",
  [514] = "organization.list",
  [515] = "organization.set",
  [529] = "slots.create",
  [530] = "slots.generate",
  [531] = "slots.list",
  [532] = "slots.set_state",
  [533] = "slots.set_capacity",
  [534] = "slots.set_states",
  [535] = "slots.delete",
  [545] = "outbox.list",
  [546] = "outbox.show",
  [547] = "outbox.requeue",
  [548] = "outbox.cancel",
  [561] = "reservations.resend",
  [562] = "reservations.show",
  [563] = "reservations.list",
  [564] = "tickets.list",
  [752] = "daemon.status",
  [753] = "daemon.doctor",
  [754] = "daemon.backup",
  [769] = "history.list",
  [770] = "personal_data.export",
  [771] = "personal_data.erase",
}
local STATUSES = {
  [0] = "OK",
  [257] = "MALFORMED_FRAME",
  [258] = "UNSUPPORTED_VERSION",
  [259] = "HELLO_EXPECTED",
  [260] = "HELLO_TIMEOUT",
  [261] = "FRAME_TOO_LARGE",
  [262] = "UNKNOWN_FRAME_TYPE",
  [263] = "UNKNOWN_FLAG",
  [264] = "UNKNOWN_ENCODING",
  [265] = "REQUEST_ID_NOT_ASCENDING",
  [266] = "FRAME_TIMEOUT",
  [267] = "UNEXPECTED_FRAME",
  [268] = "MALFORMED_PAYLOAD",
  [513] = "INVALID_REQUEST",
  [514] = "INVALID_TICKET_CODE",
  [515] = "INVALID_CONTACT",
  [516] = "TICKET_NOT_FOUND",
  [517] = "SLOT_NOT_FOUND",
  [518] = "ORGANIZATION_NOT_FOUND",
  [519] = "RESULT_TOO_LARGE",
  [520] = "RESERVATION_NOT_FOUND",
  [521] = "OUTBOX_ENTRY_NOT_FOUND",
  [769] = "TICKET_ALREADY_RESERVED",
  [770] = "TICKET_NOT_ACTIVATED",
  [771] = "TICKET_EXPIRED",
  [772] = "TICKET_ALREADY_USED",
  [773] = "SLOT_FULL",
  [774] = "SLOT_CLOSED",
  [775] = "IDEMPOTENCY_KEY_REUSED",
  [776] = "ALREADY_EXISTS",
  [777] = "CAPACITY_BELOW_BOOKED",
  [778] = "LEASE_LOST",
  [779] = "ALREADY_SENT",
  [780] = "NOT_RESERVED",
  [781] = "WRONG_DAY",
  [785] = "SLOT_IN_USE",
  [790] = "EVENTS_TRIMMED",
  [791] = "EVENTS_AHEAD",
  [792] = "VISIT_TOO_LATE",
  [793] = "CONTACT_ERASED",
  [1025] = "ORGANIZATION_MISMATCH",
  [1026] = "TICKET_CODE_REQUIRED",
  [1027] = "OPERATION_NOT_PERMITTED",
  [1281] = "OVERLOADED",
  [1282] = "UNAVAILABLE",
  [1283] = "DEADLINE_EXCEEDED",
  [1284] = "CANCELLED",
  [1285] = "TOO_MANY_CONNECTIONS",
  [1537] = "OUTCOME_UNKNOWN",
  [1793] = "INTERNAL",
  [1794] = "BACKUP_FAILED",
  [1795] = "BACKUP_RUNNING",
  [1796] = "BACKUP_NOT_FOUND",
  [2049] = "UNKNOWN_OPERATION",
}
local FIELDS = {
  [1] = { name = "magic", type = "string" },
  [2] = { name = "version_min", type = "uint" },
  [3] = { name = "version_max", type = "uint" },
  [4] = { name = "client_name", type = "string" },
  [5] = { name = "version", type = "uint" },
  [6] = { name = "max_payload", type = "uint" },
  [7] = { name = "max_in_flight", type = "uint" },
  [8] = { name = "instance_id", type = "bytes" },
  [9] = { name = "server_name", type = "string" },
  [10] = { name = "role", type = "string" },
  [11] = { name = "last_request_id", type = "uint" },
  [12] = { name = "default_deadline_ms", type = "uint" },
  [16] = { name = "message", type = "string" },
  [17] = { name = "reserved_date", type = "date" },
  [18] = { name = "alternative_slots", type = "message" },
  [19] = { name = "field", type = "string" },
  [20] = { name = "validation_errors", type = "message" },
  [21] = { name = "retry_after_ms", type = "uint" },
  [32] = { name = "orq", type = "uint" },
  [33] = { name = "ticket_id", type = "uint" },
  [34] = { name = "ticket_code", type = "string" },
  [35] = { name = "slot_id", type = "uint" },
  [36] = { name = "reservation_id", type = "uint" },
  [37] = { name = "product_id", type = "uint" },
  [38] = { name = "order_id", type = "uint" },
  [39] = { name = "idempotency_key", type = "bytes" },
  [40] = { name = "customer_email", type = "string" },
  [41] = { name = "customer_phone", type = "string" },
  [42] = { name = "status", type = "string" },
  [43] = { name = "date", type = "date" },
  [44] = { name = "start_time", type = "time" },
  [45] = { name = "end_time", type = "time" },
  [46] = { name = "starts_at", type = "timestamp" },
  [47] = { name = "total_capacity", type = "uint" },
  [48] = { name = "booked_count", type = "uint" },
  [49] = { name = "created_at", type = "timestamp" },
  [50] = { name = "updated_at", type = "timestamp" },
  [51] = { name = "reserved_at", type = "timestamp" },
  [52] = { name = "slot", type = "message" },
  [53] = { name = "confirmation_queued", type = "bool" },
  [54] = { name = "month", type = "string" },
  [55] = { name = "time_zone", type = "string" },
  [56] = { name = "name", type = "string" },
  [57] = { name = "allow_started", type = "bool" },
  [58] = { name = "reservation", type = "message" },
  [59] = { name = "months", type = "message" },
  [60] = { name = "available_count", type = "uint" },
  [61] = { name = "accent_color", type = "string" },
  [62] = { name = "logo", type = "bytes" },
  [63] = { name = "contact_email", type = "string" },
  [64] = { name = "count", type = "uint" },
  [65] = { name = "date_from", type = "date" },
  [66] = { name = "date_to", type = "date" },
  [67] = { name = "weekdays", type = "string" },
  [68] = { name = "times", type = "message" },
  [69] = { name = "after_slot_id", type = "uint" },
  [70] = { name = "limit", type = "uint" },
  [71] = { name = "more", type = "bool" },
  [72] = { name = "created_count", type = "uint" },
  [73] = { name = "existing_count", type = "uint" },
  [74] = { name = "row", type = "uint" },
  [75] = { name = "problems", type = "message" },
  [76] = { name = "slots", type = "message" },
  [77] = { name = "tickets", type = "message" },
  [78] = { name = "organizations", type = "message" },
  [79] = { name = "contact_phone", type = "string" },
  [80] = { name = "website", type = "string" },
  [82] = { name = "language", type = "string" },
  [83] = { name = "outbox_id", type = "uint" },
  [84] = { name = "lease_id", type = "uint" },
  [85] = { name = "attempt", type = "uint" },
  [86] = { name = "kind", type = "string" },
  [87] = { name = "deliveries", type = "message" },
  [88] = { name = "lease_ms", type = "uint" },
  [89] = { name = "wait_ms", type = "uint" },
  [90] = { name = "provider_id", type = "string" },
  [91] = { name = "entries", type = "message" },
  [92] = { name = "after_outbox_id", type = "uint" },
  [93] = { name = "next_attempt_at", type = "timestamp" },
  [94] = { name = "last_error", type = "string" },
  [95] = { name = "first_queued_at", type = "timestamp" },
  [96] = { name = "writable", type = "bool" },
  [97] = { name = "uptime_s", type = "uint" },
  [98] = { name = "software_version", type = "string" },
  [99] = { name = "organization_count", type = "uint" },
  [100] = { name = "slot_count", type = "uint" },
  [101] = { name = "ticket_count", type = "uint" },
  [102] = { name = "reservation_count", type = "uint" },
  [103] = { name = "outbox_pending_count", type = "uint" },
  [104] = { name = "connection_count", type = "uint" },
  [105] = { name = "queue_depth", type = "uint" },
  [106] = { name = "request_count", type = "uint" },
  [107] = { name = "batch_count", type = "uint" },
  [108] = { name = "commit_count", type = "uint" },
  [109] = { name = "commit_time_us", type = "uint" },
  [110] = { name = "database_bytes", type = "uint" },
  [111] = { name = "findings", type = "message" },
  [112] = { name = "check", type = "string" },
  [113] = { name = "ok", type = "bool" },
  [114] = { name = "detail", type = "string" },
  [115] = { name = "organization", type = "message" },
  [116] = { name = "ends_at", type = "timestamp" },
  [117] = { name = "outbox_sent_count", type = "uint" },
  [118] = { name = "outbox_failed_count", type = "uint" },
  [119] = { name = "outbox_oldest_s", type = "uint" },
  [120] = { name = "program", type = "string" },
  [121] = { name = "text", type = "string" },
  [122] = { name = "age_ms", type = "uint" },
  [123] = { name = "reports", type = "message" },
  [126] = { name = "request_id", type = "string" },
  [128] = { name = "path", type = "string" },
  [129] = { name = "keep", type = "uint" },
  [130] = { name = "backup_id", type = "uint" },
  [131] = { name = "phase", type = "string" },
  [132] = { name = "pages_done", type = "uint" },
  [133] = { name = "pages_total", type = "uint" },
  [134] = { name = "duration_ms", type = "uint" },
  [135] = { name = "snapshot_at", type = "timestamp" },
  [136] = { name = "last_reservation_id", type = "uint" },
  [137] = { name = "removed_count", type = "uint" },
  [138] = { name = "last_backup_at", type = "timestamp" },
  [139] = { name = "repair", type = "bool" },
  [140] = { name = "purpose", type = "string" },
  [141] = { name = "sequence", type = "uint" },
  [142] = { name = "operator", type = "uint" },
  [143] = { name = "verified_at", type = "timestamp" },
  [144] = { name = "verified_by", type = "uint" },
  [145] = { name = "any_day", type = "bool" },
  [146] = { name = "days_early", type = "uint" },
  [147] = { name = "days_late", type = "uint" },
  [148] = { name = "reason", type = "string" },
  [149] = { name = "previous_slot_id", type = "uint" },
  [150] = { name = "repeated", type = "bool" },
  [151] = { name = "history_id", type = "uint" },
  [152] = { name = "action", type = "string" },
  [153] = { name = "at", type = "timestamp" },
  [154] = { name = "uid", type = "uint" },
  [155] = { name = "history", type = "message" },
  [156] = { name = "after_history_id", type = "uint" },
  [160] = { name = "contacts", type = "bool" },
  [161] = { name = "reservations", type = "message" },
  [162] = { name = "after_reservation_id", type = "uint" },
  [163] = { name = "except", type = "message" },
  [164] = { name = "dry_run", type = "bool" },
  [165] = { name = "changed_count", type = "uint" },
  [166] = { name = "unchanged_count", type = "uint" },
  [167] = { name = "deleted_count", type = "uint" },
  [168] = { name = "in_use_count", type = "uint" },
  [169] = { name = "nonexistent", type = "message" },
  [170] = { name = "after_ticket_id", type = "uint" },
  [190] = { name = "position", type = "uint" },
  [191] = { name = "events", type = "message" },
  [192] = { name = "oldest_position", type = "uint" },
  [193] = { name = "newest_position", type = "uint" },
  [194] = { name = "oldest", type = "bool" },
  [195] = { name = "valid_until", type = "date" },
  [196] = { name = "include_upcoming", type = "bool" },
  [197] = { name = "erased_count", type = "uint" },
  [198] = { name = "upcoming_count", type = "uint" },
  [199] = { name = "emptied_count", type = "uint" },
  [200] = { name = "retention_days", type = "uint" },
  [201] = { name = "persons_tickets", type = "message" },
}
-- end generated

local rsv = Proto("rsv", "RSV/1 reservation protocol")
rsv.prefs.port = Pref.uint("TCP port", 7411, "Port to which a Unix socket is relayed")

local header = {
  length = ProtoField.uint32("rsv.length", "Length", base.DEC),
  type = ProtoField.uint8("rsv.type", "Type", base.DEC, FRAME_TYPES),
  flags = ProtoField.uint8("rsv.flags", "Flags", base.HEX),
  replayed = ProtoField.bool("rsv.flags.replayed", "Replayed", 8, nil, 0x10),
  opcode = ProtoField.uint16("rsv.opcode", "Opcode", base.DEC, OPERATIONS),
  request_id = ProtoField.uint64("rsv.request_id", "Request id", base.DEC),
  deadline = ProtoField.uint32("rsv.deadline_ms", "Deadline (ms)", base.DEC),
  status = ProtoField.uint16("rsv.status", "Status", base.DEC, STATUSES),
  encoding = ProtoField.uint8("rsv.encoding", "Encoding", base.DEC, ENCODINGS),
  reserved = ProtoField.uint8("rsv.reserved", "Reserved", base.HEX),
}
local payload_fields = {
  opaque = ProtoField.bytes("rsv.payload", "Payload"),
  json = ProtoField.string("rsv.json", "JSON", base.UNICODE),
  unknown = ProtoField.bytes("rsv.field.unknown", "Unknown field"),
}

-- One filterable field per registry field: rsv.field.ticket_id and so on.
local constructors = {
  uint = function(n) return ProtoField.uint64("rsv.field." .. n, n, base.DEC) end,
  bool = function(n) return ProtoField.bool("rsv.field." .. n, n) end,
  string = function(n) return ProtoField.string("rsv.field." .. n, n, base.UNICODE) end,
  bytes = function(n) return ProtoField.bytes("rsv.field." .. n, n) end,
  message = function(n) return ProtoField.none("rsv.field." .. n, n) end,
}
constructors.timestamp = constructors.uint
constructors.date = constructors.string
constructors.time = constructors.string

local tlv_fields = {}
local all_fields = {}
for _, field in pairs(header) do table.insert(all_fields, field) end
for _, field in pairs(payload_fields) do table.insert(all_fields, field) end
for tag, field in pairs(FIELDS) do
  tlv_fields[tag] = constructors[field.type](field.name)
  table.insert(all_fields, tlv_fields[tag])
end
rsv.fields = all_fields

local malformed = ProtoExpert.new("rsv.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR)
local refused = ProtoExpert.new("rsv.refused", "Refused", expert.group.RESPONSE_CODE, expert.severity.NOTE)
rsv.experts = { malformed, refused }

-- What a value of each type may be long; anything else would make the typed accessors below raise.
local function well_sized(kind, length)
  if kind == "uint" or kind == "timestamp" then return length >= 1 and length <= 8 end
  if kind == "bool" then return length == 1 end
  return true
end

local function dissect_tlv(buffer, offset, limit, tree, depth)
  if depth > MAX_DEPTH then
    tree:add_proto_expert_info(malformed, "Nested deeper than " .. MAX_DEPTH)
    return
  end
  local previous = -1
  while offset < limit do
    if limit - offset < 6 then
      tree:add_proto_expert_info(malformed, "Truncated element")
      return
    end
    local raw_tag = buffer(offset, 2):uint()
    local critical = raw_tag >= 0x8000
    local tag = raw_tag % 0x8000
    local length = buffer(offset + 2, 4):uint()
    if length > limit - offset - 6 then
      tree:add_proto_expert_info(malformed, "Element longer than what holds it")
      return
    end
    local whole = buffer(offset, 6 + length)
    -- An empty value has no range of its own in this API; the element's stands in for it.
    local value = length > 0 and buffer(offset + 6, length) or nil
    local field = FIELDS[tag]
    local item
    if field == nil then
      item = tree:add(payload_fields.unknown, value or whole)
      item:set_text("Unknown field, tag " .. tag .. ", " .. length .. " bytes")
      if critical then item:add_proto_expert_info(malformed, "Unknown critical tag " .. tag) end
    elseif field.type == "message" then
      item = tree:add(tlv_fields[tag], whole)
      item:set_text(field.name .. " (tag " .. tag .. ", " .. length .. " bytes)")
      dissect_tlv(buffer, offset + 6, offset + 6 + length, item, depth + 1)
    elseif not well_sized(field.type, length) then
      item = tree:add(payload_fields.unknown, whole)
      item:set_text(field.name .. ": wrong length " .. length)
      item:add_proto_expert_info(malformed, "Wrong length for " .. field.type)
    elseif field.type == "uint" or field.type == "timestamp" then
      item = tree:add(tlv_fields[tag], value, value:uint64())
      if field.type == "timestamp" then
        local seconds = value:uint64():tonumber()
        if seconds < 253402300800 then item:append_text(os.date("! (%Y-%m-%dT%H:%M:%SZ)", seconds)) end
      end
    elseif length == 0 then
      item = tree:add(tlv_fields[tag], whole, "")
    elseif field.type == "bool" or field.type == "bytes" then
      item = tree:add(tlv_fields[tag], value)
    else
      item = tree:add_packet_field(tlv_fields[tag], value, ENC_UTF_8 + ENC_STRING)
    end
    if critical then item:append_text(" [critical]") end
    if tag < previous then item:add_proto_expert_info(malformed, "Tag out of order") end
    previous = tag
    offset = offset + 6 + length
  end
end

-- The whole text can be filtered, but Wireshark shows only the first 240 characters of a label: longer ones follow in lines.
local JSON_LINE_BYTES = 200
local function dissect_json(buffer, payload, tree)
  local item = tree:add_packet_field(payload_fields.json, payload, ENC_UTF_8 + ENC_STRING)
  if payload:len() <= JSON_LINE_BYTES then return end
  local offset, limit = HEADER_BYTES, HEADER_BYTES + payload:len()
  while offset < limit do
    local stop = math.min(offset + JSON_LINE_BYTES, limit)
    -- Not between the bytes of one character; in bytes that are not UTF-8 there may be no such place.
    local cut = stop
    while cut < limit and cut > offset + 1 and math.floor(buffer(cut, 1):uint() / 64) == 2 do cut = cut - 1 end
    if cut > offset + 1 then stop = cut end
    local line = buffer(offset, stop - offset)
    item:add(line, line:string(ENC_UTF_8))
    offset = stop
  end
end

local function add_header(buffer, tree)
  local subtree = tree:add(rsv, buffer(0, HEADER_BYTES), "Header")
  subtree:add(header.length, buffer(0, 4))
  subtree:add(header.type, buffer(4, 1))
  local flags = subtree:add(header.flags, buffer(5, 1))
  flags:add(header.replayed, buffer(5, 1))
  if buffer(5, 1):uint() % 16 ~= 0 then flags:add_proto_expert_info(malformed, "Unknown flag in the low nibble") end
  local opcode = subtree:add(header.opcode, buffer(6, 2))
  -- 0 is no operation, and "Unknown" would alarm the reader of a HELLO.
  if buffer(6, 2):uint() == 0 then opcode:set_text("Opcode: none") end
  subtree:add(header.request_id, buffer(8, 8))
  subtree:add(header.deadline, buffer(16, 4))
  local status = subtree:add(header.status, buffer(20, 2))
  if buffer(20, 2):uint() ~= 0 then
    status:add_proto_expert_info(refused, STATUSES[buffer(20, 2):uint()] or "Unknown status")
  end
  subtree:add(header.encoding, buffer(22, 1))
  local reserved = subtree:add(header.reserved, buffer(23, 1))
  if buffer(23, 1):uint() ~= 0 then reserved:add_proto_expert_info(malformed, "Reserved byte is not 0") end
end

local function summary(buffer)
  local kind, opcode, status = buffer(4, 1):uint(), buffer(6, 2):uint(), buffer(20, 2):uint()
  local parts = { FRAME_TYPES[kind] or (kind >= 0x80 and "skippable type " .. kind or "unknown type " .. kind) }
  if opcode ~= 0 then table.insert(parts, OPERATIONS[opcode] or ("opcode " .. opcode)) end
  local id = buffer(8, 8):uint64()
  if id ~= UInt64(0) then table.insert(parts, "#" .. tostring(id)) end
  if status ~= 0 then table.insert(parts, STATUSES[status] or ("status " .. status)) end
  if FLAGS[buffer(5, 1):uint()] then table.insert(parts, FLAGS[buffer(5, 1):uint()]) end
  return table.concat(parts, " ")
end

local function dissect_frame(buffer, pinfo, tree)
  pinfo.cols.protocol = "RSV"
  if buffer(0, 1):uint() ~= 0 then
    tree:add(rsv, buffer(), "RSV/1: the first byte is not 0, this is another protocol")
    return buffer:len()
  end
  local length = buffer(0, 4):uint()
  local text = summary(buffer)
  pinfo.cols.info:append(text .. "  ")
  local subtree = tree:add(rsv, buffer(), "RSV/1 " .. text)
  add_header(buffer, subtree)
  if length > MAX_PAYLOAD_BYTES then
    subtree:add_proto_expert_info(malformed, "Payload longer than " .. MAX_PAYLOAD_BYTES)
    return buffer:len()
  end
  local available = math.min(length, buffer:len() - HEADER_BYTES)
  if available < length then subtree:add_proto_expert_info(malformed, "The capture ends inside the payload") end
  if available == 0 then return HEADER_BYTES end
  local payload = buffer(HEADER_BYTES, available)
  local encoding = buffer(22, 1):uint()
  if encoding == 1 and FRAME_TYPES[buffer(4, 1):uint()] then
    dissect_tlv(buffer, HEADER_BYTES, HEADER_BYTES + available, subtree:add(rsv, payload, "TLV"), 1)
  elseif encoding == 2 and FRAME_TYPES[buffer(4, 1):uint()] then
    dissect_json(buffer, payload, subtree)
  else
    subtree:add(payload_fields.opaque, payload)
  end
  return HEADER_BYTES + available
end

-- A frame that is not RSV or is too large ends the connection, so the rest belongs to it.
local function frame_length(buffer, _, offset)
  local length = buffer(offset, 4):uint()
  if length > MAX_PAYLOAD_BYTES then return buffer:len() - offset end
  return HEADER_BYTES + length
end

function rsv.dissector(buffer, pinfo, tree)
  pinfo.cols.info = ""
  if pinfo.port_type == 2 then -- TCP, where frames and segments have nothing to do with each other
    dissect_tcp_pdus(buffer, tree, HEADER_BYTES, frame_length, dissect_frame)
    return buffer:len()
  end
  local offset = 0
  while buffer:len() - offset >= HEADER_BYTES do
    local size = math.min(frame_length(buffer, pinfo, offset), buffer:len() - offset)
    dissect_frame(buffer(offset, size):tvb(), pinfo, tree)
    offset = offset + size
  end
  if offset < buffer:len() then
    tree:add(rsv, buffer(offset), "RSV/1: the capture ends inside a header")
  end
  return buffer:len()
end

local tcp_ports = DissectorTable.get("tcp.port")
local registered_port = rsv.prefs.port
tcp_ports:add(registered_port, rsv)
function rsv.prefs_changed()
  if rsv.prefs.port ~= registered_port then
    tcp_ports:remove(registered_port, rsv)
    registered_port = rsv.prefs.port
    tcp_ports:add(registered_port, rsv)
  end
end
DissectorTable.get("wtap_encap"):add(wtap.USER0, rsv)
