import NIOCore

/// The contract as the gateway keeps it, in OpenAPI 3.0.3, for the people and programs that call it.
///
/// It is part of the program, so that what is served and what is described cannot be of different ages.
enum OpenAPIDocument {
    static let text = [
        head, "paths:\n", ValidateTicketDescription.path, VerifyContactDescription.path, CreateReservationDescription.path,
        AvailableSlotsDescription.path, MonthsDescription.path, SlotEventsDescription.path, OperationsDescription.paths, "components:\n",
        CommonDescription.components,
    ].joined()

    static let bytes = ByteBuffer(string: text)

    private static let head = """
        openapi: 3.0.3
        info:
          title: Reservation portal
          version: 1.0.0
          description: |
            A visitor validates the code on a ticket, gives an e-mail address and a phone number, chooses a time slot and reserves a place.

            The page that does all this for a visitor is at `/reserve`; `/reserve?ticket=CODE` starts with the code filled in.

            Every answer is JSON: `{"success":true,...}`, or `{"success":false,"error":{"code","message",...}}`. Programs go by `code`, people
            read `message`. An answer 503 means that nothing is wrong with the request: ask again after `Retry-After` seconds.

            **Organization.** Where the operator has given an organization to the host name, that one counts. Else the query parameter `orq`, else
            the header `X-Orq`, else the operator's default.

            **Request id.** A header `X-Request-Id` of 1 to 64 characters `A-Z a-z 0-9 . _ -` comes back in the answer; without one, or with any
            other, the answer has a fresh one. Give it when you ask for support.

            **Limits.** Bodies are at most 16 KiB unless the operator has set another limit. A header line is at most 8 KiB, all of them with the
            line that asks at most 16 KiB: beyond, on any path, the answer is 431 `INVALID_REQUEST` and the connection is closed.
        tags:
          - name: Customer Reservation
            description: What the portal's page calls, step by step.
          - name: Operation
            description: For monitoring and for programmers.

        """
}
