"""What a client does with a frame that a server sends: takes what it tells, or closes the connection."""

from __future__ import annotations

from encoder import Encoder, element
from examples import FULL_SLOT, SLOT


class Events:
    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.watch = encoder.opcode("slots.watch")
        self.vectors: list[dict] = []

    def add(self, name: str, state: str, data: bytes, told: list[dict] | None, section: str = "20.8"):
        """`told` None: the client closes."""
        expect = {"action": "close"} if told is None else {"action": "event", "payload": {"slots": told} if told else {}}
        self.vectors.append({"name": f"event-{name}", "section": section, "state": state, "hex": data.hex(), "expect": expect})

    def event(self, payload: bytes | None = None, *, encoding="TLV", request_id=1, **header) -> bytes:
        if payload is None:
            payload = self.encoder.payload(encoding, "slots_changed", {"slots": [SLOT]})
        fields = {"opcode": self.watch, "request_id": request_id, "encoding": encoding, **header}
        return self.encoder.frame("EVENT", payload, **fields)

    def build(self) -> list[dict]:
        self.taken()
        self.not_asked_for()
        self.header()
        self.payload()
        return self.vectors

    def taken(self):
        two = [SLOT, FULL_SLOT]
        self.add("one-slot", "watching", self.event(), [SLOT])
        self.add("two-slots", "watching", self.event(self.encoder.tlv("slots_changed", {"slots": two})), two)
        self.add("no-slot", "watching", self.event(b""), [])
        self.add("the-latest-id", "renewed", self.event(request_id=2), [SLOT])
        self.add("while-another-watch-is-not-answered", "renewing", self.event(), [SLOT])
        self.add("flags-high-nibble-ignored", "watching", self.event(flags=0xF0), [SLOT], "3")
        later = self.encoder.tlv("slots_changed", {"slots": [SLOT]}) + element(0x7000, b"later versions")
        self.add("unknown-tag", "watching", self.event(later), [SLOT], "7.2")
        self.add("after-a-skipped-type", "watching", self.encoder.frame(0x90, b"later") + self.event(), [SLOT], "3")

    def not_asked_for(self):
        self.add("nobody-watches", "open", self.event(), None)
        self.add("nobody-watches-id-zero", "open", self.event(request_id=0), None)
        self.add("before-the-response", "asked", self.event(), None)
        self.add("the-earlier-id", "renewed", self.event(), None)
        self.add("the-id-of-a-watch-that-is-not-answered", "renewing", self.event(request_id=2), None)
        self.add("an-id-of-the-future", "watching", self.event(request_id=9), None)
        self.add("another-opcode", "watching", self.event(opcode=self.encoder.opcode("slots.available")), None)
        self.add("another-encoding", "watching", self.event(encoding="JSON"), None)
        self.add("after-goaway", "drained", self.event(), None)

    def header(self):
        """Checks 4 to 6 of section 3."""
        self.add("flag-of-the-low-nibble", "watching", self.event(flags=1), None, "3")
        self.add("reserved-one", "watching", self.event(reserved=1), None, "3")
        self.add("with-status", "watching", self.event(status="INTERNAL"), None, "3")
        self.add("with-deadline", "watching", self.event(deadline_ms=1), None, "3")
        self.add("encoding-none", "watching", self.event(b"", encoding="NONE"), None, "3")
        self.add("encoding-three", "watching", self.event(b"", encoding=3), None, "3")

    def payload(self):
        whole = self.encoder.tlv("slots_changed", {"slots": [SLOT]})
        self.add("payload-cut", "watching", self.event(whole[:-1]), None, "7.2")
        self.add("unknown-critical-tag", "watching", self.event(whole + element(0x7000, b"", critical=True)), None, "7.2")
        parts = self.encoder.elements("slot", SLOT)
        without = b"".join(part for name, part in parts if name != "booked_count")
        slots = self.encoder.registry.fields["slots"].tag
        self.add("slot-without-booked-count", "watching", self.event(element(slots, without)), None, "7.1")
