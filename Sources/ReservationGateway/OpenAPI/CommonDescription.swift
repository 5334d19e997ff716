/// What several operations of the OpenAPI document share.
enum CommonDescription {
    static let components = parameters + headers + schemas + FailureDescription.schemas + FailureDescription.responses

    private static let parameters = """
          parameters:
            Organization:
              name: orq
              in: query
              description: The organization's number. Ignored where the host name already decides.
              schema:
                $ref: '#/components/schemas/OrganizationId'
            OrganizationHeader:
              name: X-Orq
              in: header
              description: The same; the query parameter counts more.
              schema:
                $ref: '#/components/schemas/OrganizationId'
            RequestId:
              name: X-Request-Id
              in: header
              description: Your name for this request.
              schema:
                type: string
                pattern: '^[A-Za-z0-9._-]{1,64}$'

        """

    private static let headers = """
          headers:
            RequestId:
              description: The request's name, yours or a fresh one.
              schema:
                type: string
            RetryAfter:
              description: Seconds to wait before asking again.
              schema:
                type: integer
                minimum: 1

        """

    private static let schemas = """
          schemas:
            'True':
              type: boolean
              enum: [true]
            Number:
              type: integer
              format: int64
              minimum: 0
              maximum: 9007199254740991
            OrganizationId:
              type: integer
              format: int64
              minimum: 1
              maximum: 9007199254740991
              example: 1
            TicketId:
              type: integer
              format: int64
              minimum: 1
              maximum: 9007199254740991
              description: From `validate`. Whoever knows it may reserve the ticket, so treat it like the code.
              example: 123
            SlotId:
              type: integer
              format: int64
              minimum: 1
              maximum: 9007199254740991
              description: From the calendar.
              example: 10
            TicketCode:
              type: string
              description: 'As printed on the ticket: `TKT-`, four digits, and two groups of six letters or digits.'
              example: TKT-2025-ABC123-DEF456
            OptionalTicketCode:
              type: string
              nullable: true
              description: Must be the ticket's own when given. Always send it; operators may insist.
              example: TKT-2025-ABC123-DEF456
            Email:
              type: string
              format: email
              maxLength: 254
              description: Without quoted local part. International domains may be written in their own letters.
              example: john@example.com
            Phone:
              type: string
              description: '`+`, country code and number in digits only (E.164), at least 7 digits unless the operator has set another number.'
              pattern: '^\\+[1-9][0-9]{1,14}$'
              example: '+12025551234'
            Date:
              type: string
              format: date
              example: '2025-11-14'
            Time:
              type: string
              format: time
              description: On the organization's clocks, `HH:MM:SS`.
              example: '12:00:00'
            Slot:
              type: object
              required:
                - id
                - date
                - start_time
                - end_time
                - venue_id
                - total_capacity
                - booked_count
                - available_count
                - status
                - capacity_status
                - orq
                - created_at
                - updated_at
              properties:
                id:
                  $ref: '#/components/schemas/SlotId'
                date:
                  $ref: '#/components/schemas/Date'
                start_time:
                  $ref: '#/components/schemas/Time'
                end_time:
                  $ref: '#/components/schemas/Time'
                venue_id:
                  type: integer
                  nullable: true
                  description: Always null for now.
                total_capacity:
                  $ref: '#/components/schemas/Number'
                booked_count:
                  $ref: '#/components/schemas/Number'
                available_count:
                  $ref: '#/components/schemas/Number'
                status:
                  type: string
                  enum: [ACTIVE, FULL]
                capacity_status:
                  type: string
                  enum: [AVAILABLE, LIMITED, FULL]
                  description: LIMITED when more than half is booked, FULL when no place is left.
                orq:
                  $ref: '#/components/schemas/OrganizationId'
                created_at:
                  type: string
                  format: date-time
                updated_at:
                  type: string
                  format: date-time
            State:
              type: object
              required: [success, data]
              properties:
                success:
                  $ref: '#/components/schemas/True'
                data:
                  type: object
                  required: [status]
                  properties:
                    status:
                      type: string
                      enum: [alive, ready]

        """
}
