import ArgumentParser
import ReservationWire

/// Slots: times that a limited number of visitors may choose.
struct SlotsCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "slots", abstract: "Slots: the times that visitors may choose.",
        subcommands: [
            CreateSlotCommand.self, GenerateSlotsCommand.self, ListSlotsCommand.self, CloseSlotCommand.self, OpenSlotCommand.self,
            SetSlotCapacityCommand.self, CopyWeekCommand.self, DeleteSlotsCommand.self, SlotUtilisationCommand.self,
        ])
}

/// How slots are reported.
enum SlotTable {
    static func report(_ slots: [SlotMessage], _ session: ControlSession) -> Report {
        session.report(text: { text(slots) }, json: { JSONDocument.report(.slots, slots) })
    }

    static var columns: [ListColumn<SlotMessage>] {
        [
            ListColumn("slot_id") { String($0.slotID) }, ListColumn("orq") { String($0.orq) },
            ListColumn("date") { $0.date.description }, ListColumn("start_time") { $0.startTime.short },
            ListColumn("end_time") { $0.endTime.short }, ListColumn("starts_at") { $0.startsAt.iso8601 },
            ListColumn("total_capacity") { String($0.totalCapacity) }, ListColumn("booked_count") { String($0.bookedCount) },
            ListColumn("status") { $0.status }, ListColumn("created_at") { $0.createdAt.iso8601 },
            ListColumn("updated_at") { $0.updatedAt.iso8601 },
        ]
    }

    private static func text(_ slots: [SlotMessage]) -> String {
        var table = TextTable([
            .number("SLOT"), .number("ORQ"), .text("DATE"), .text("TIME"), .number("CAPACITY"), .number("BOOKED"), .number("LEFT"),
            .text("STATUS"),
        ])
        for slot in slots {
            table.add([
                String(slot.slotID), String(slot.orq), slot.date.description, "\(slot.startTime.short)-\(slot.endTime.short)",
                String(slot.totalCapacity), String(slot.bookedCount),
                String(slot.totalCapacity > slot.bookedCount ? slot.totalCapacity - slot.bookedCount : 0), slot.status,
            ])
        }
        return table.text
    }
}
