/// Failures in the OpenAPI document.
enum FailureDescription {
    static let schemas = """
            Failure:
              type: object
              required: [success, error]
              properties:
                success:
                  type: boolean
                  enum: [false]
                error:
                  type: object
                  required: [code, message]
                  properties:
                    code:
                      $ref: '#/components/schemas/Code'
                    message:
                      type: string
                      description: For people.
                    reserved_date:
                      type: string
                      format: date
                      nullable: true
                      description: With `TICKET_ALREADY_RESERVED`.
                    valid_until:
                      type: string
                      format: date
                      nullable: true
                      description: With `VISIT_TOO_LATE`, the ticket's last day.
                    alternative_slots:
                      type: array
                      description: With `SLOT_FULL`; may be empty.
                      items:
                        type: object
                        required: [slot_id, date, start_time, end_time, available_count]
                        properties:
                          slot_id:
                            $ref: '#/components/schemas/SlotId'
                          date:
                            $ref: '#/components/schemas/Date'
                          start_time:
                            $ref: '#/components/schemas/Time'
                          end_time:
                            $ref: '#/components/schemas/Time'
                          available_count:
                            $ref: '#/components/schemas/Number'
                    validation_errors:
                      type: array
                      description: With `INVALID_REQUEST` and `INVALID_CONTACT`.
                      items:
                        type: object
                        required: [field, message]
                        properties:
                          field:
                            type: string
                            description: A field of the body, a parameter, a header, or `body` or `request` for the whole.
                          message:
                            type: string
            Code:
              type: string
              enum:
                - INVALID_REQUEST
                - INVALID_TICKET_CODE
                - INVALID_CONTACT
                - TICKET_NOT_FOUND
                - SLOT_NOT_FOUND
                - ORGANIZATION_NOT_FOUND
                - TICKET_ALREADY_RESERVED
                - TICKET_NOT_ACTIVATED
                - TICKET_EXPIRED
                - VISIT_TOO_LATE
                - TICKET_ALREADY_USED
                - SLOT_FULL
                - SLOT_CLOSED
                - IDEMPOTENCY_KEY_REUSED
                - ORGANIZATION_MISMATCH
                - TICKET_CODE_REQUIRED
                - NOT_FOUND
                - METHOD_NOT_ALLOWED
                - PAYLOAD_TOO_LARGE
                - UNSUPPORTED_MEDIA_TYPE
                - RATE_LIMITED
                - INTERNAL
                - UNAVAILABLE

        """

    static let responses = """
          responses:
            InvalidContact:
              description: '`INVALID_REQUEST`, `INVALID_TICKET_CODE` or `INVALID_CONTACT`; `validation_errors` names every field at fault.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: INVALID_CONTACT
                      message: Please enter a valid email and phone number.
                      validation_errors:
                        - field: email
                          message: Invalid email format; it should look like john@example.com.
            OrganizationNotFound:
              description: '`ORGANIZATION_NOT_FOUND`.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: ORGANIZATION_NOT_FOUND
                      message: No such organization.
            TicketAlreadyReserved:
              description: '`TICKET_ALREADY_RESERVED` with the reserved slot''s date.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: TICKET_ALREADY_RESERVED
                      message: This ticket is already reserved for 2025-11-20.
                      reserved_date: '2025-11-20'
            PayloadTooLarge:
              description: '`PAYLOAD_TOO_LARGE`. The connection may be closed after it.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: PAYLOAD_TOO_LARGE
                      message: The request's body is too large.
            UnsupportedMediaType:
              description: '`UNSUPPORTED_MEDIA_TYPE`: the body must be `application/json`.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: UNSUPPORTED_MEDIA_TYPE
                      message: 'Send the body as Content-Type: application/json.'
            RateLimited:
              description: '`RATE_LIMITED`: too many codes that are not valid, or too many bookings, came from this address.'
              headers:
                Retry-After:
                  $ref: '#/components/headers/RetryAfter'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: RATE_LIMITED
                      message: Too many attempts with codes that are not valid. Please try again later.
            Internal:
              description: '`INTERNAL`: a fault on this side.'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: INTERNAL
                      message: Something went wrong on our side. Please try again later.
            Unavailable:
              description: |
                `UNAVAILABLE`: busy, restarting, or unable to write. Usually nothing was done; `message` says so when that is not certain, and then
                the same `Idempotency-Key` makes asking again safe.
              headers:
                Retry-After:
                  $ref: '#/components/headers/RetryAfter'
              content:
                application/json:
                  schema:
                    $ref: '#/components/schemas/Failure'
                  example:
                    success: false
                    error:
                      code: UNAVAILABLE
                      message: The reservation service is busy or restarting. Please try again in a moment.

        """
}
