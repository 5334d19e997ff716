import ReservationCore

/// Spanish.
struct SpanishWording: Wording {
    private static let weekdays = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    private static let months = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
    ]

    func date(_ date: CalendarDate) -> String {
        let (year, month, day) = date.components
        return "\(Self.weekdays[date.weekdayIndex]), \(day) de \(Self.months[month - 1]) de \(year)"
    }

    func time(_ time: TimeOfDay) -> String { "\(time.hourAndMinute)\u{A0}h" }

    func timeRange(_ visit: Visit) -> String { "\(visit.startTime.hourAndMinute) – \(time(visit.endTime))" }

    func subject(_ purpose: Delivery.Purpose, _ organization: String, _ when: String) -> String {
        switch purpose {
        case .confirmation: "Reserva confirmada: \(organization), \(when)"
        case .cancellation: "Visita cancelada: \(organization), \(when)"
        case .change: "Visita cambiada: \(organization), \(when)"
        }
    }
    func heading(_ purpose: Delivery.Purpose) -> String {
        switch purpose {
        case .confirmation: "Su visita está reservada"
        case .cancellation: "Su visita está cancelada"
        case .change: "Su visita tiene otra hora"
        }
    }
    let cancelledText =
        "Esta visita no tendrá lugar. Su entrada vuelve a ser válida: puede reservar otra hora con ella. El "
        + "archivo adjunto (visit.ics) quita la visita de su calendario."
    let dateLabel = "Fecha"
    let timeLabel = "Hora"
    let codeLabel = "Código de la entrada"
    let reservationLabel = "Reserva"
    let showCode = "Muestre este código en la entrada, en el teléfono o impreso."
    let showCodeOrPicture = "Muestre en la entrada este código o el código QR adjunto (ticket.png), en el teléfono o impreso."
    let calendarAttached = "Se adjunta una cita para su calendario (visit.ics)."
    let pictureDescription = "Código QR de su entrada"
    let questions = "¿Tiene preguntas?"
    let reason = "Recibe este mensaje porque se reservó una visita con esta dirección de correo. Se ha enviado automáticamente."
    func calendarTitle(_ organization: String) -> String { "Visita: \(organization)" }
    func notice(_ organization: String, _ when: String, code: String) -> String {
        "\(organization): su visita está reservada para el \(when). Código: \(code)"
    }
}
