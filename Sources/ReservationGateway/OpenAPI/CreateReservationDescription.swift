/// `POST /api/reservations/create` in the OpenAPI document.
enum CreateReservationDescription {
    static let path = request + success + refusals

    private static let request = """
          /api/reservations/create:
            post:
              operationId: createReservation
              tags: [Customer Reservation]
              summary: Reserve a place in a time slot for a ticket.
              description: |
                All or nothing: when the answer is 200, reservation, ticket, place and confirmation are stored. Of two callers who want the last
                place, one gets it.

                Send an `Idempotency-Key` and you may repeat the request, after a lost connection or a 503 for instance: it is carried out once, and
                repetitions within 24 hours get the first answer byte for byte, with the header `Idempotency-Replayed: true`.
              parameters:
                - $ref: '#/components/parameters/Organization'
                - $ref: '#/components/parameters/OrganizationHeader'
                - $ref: '#/components/parameters/RequestId'
                - name: Idempotency-Key
                  in: header
                  description: A UUID, or any other 1 to 255 visible ASCII characters that you never use for another request.
                  schema:
                    type: string
                    minLength: 1
                    maxLength: 255
                    pattern: '^[!-~]{1,255}$'
                  example: 0b8f7a6e-2c2d-4d39-9a55-6f1c1e0f7d11
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [ticket_id, slot_id, customer_email, customer_phone]
                      properties:
                        ticket_id:
                          $ref: '#/components/schemas/TicketId'
                        ticket_code:
                          $ref: '#/components/schemas/OptionalTicketCode'
                        slot_id:
                          $ref: '#/components/schemas/SlotId'
                        customer_email:
                          $ref: '#/components/schemas/Email'
                        customer_phone:
                          $ref: '#/components/schemas/Phone'
                        language:
                          type: string
                          enum: [en, de, es, fr]
                          default: en
                          description: |
                            In which the confirmation is written. Repeated in another language the request is still the same one.
                    example:
                      ticket_id: 123
                      ticket_code: TKT-2025-ABC123-DEF456
                      slot_id: 10
                      customer_email: john@example.com
                      customer_phone: '+12025551234'

        """

    private static let success = """
              responses:
                '200':
                  description: Reserved.
                  headers:
                    X-Request-Id:
                      $ref: '#/components/headers/RequestId'
                    Idempotency-Replayed:
                      description: Present, and `true`, when this is the stored answer to an earlier request with the same key.
                      schema:
                        type: string
                        enum: ['true']
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [success, data]
                        properties:
                          success:
                            $ref: '#/components/schemas/True'
                          data:
                            type: object
                            required: [reservation_id, ticket_code, slot, confirmation_sent, qr_code]
                            properties:
                              reservation_id:
                                $ref: '#/components/schemas/Number'
                              ticket_code:
                                $ref: '#/components/schemas/TicketCode'
                              slot:
                                type: object
                                required: [date, start_time, end_time]
                                properties:
                                  date:
                                    $ref: '#/components/schemas/Date'
                                  start_time:
                                    $ref: '#/components/schemas/Time'
                                  end_time:
                                    $ref: '#/components/schemas/Time'
                              confirmation_sent:
                                type: boolean
                                description: The confirmation is durably queued for sending.
                              qr_code:
                                type: string
                                nullable: true
                                description: |
                                  A PNG as a data URL whose QR code holds exactly the ticket's code. Null only if it could not be drawn; the
                                  reservation stands all the same.
                      example:
                        success: true
                        data:
                          reservation_id: 789
                          ticket_code: TKT-2025-ABC123-DEF456
                          slot:
                            date: '2025-11-14'
                            start_time: '12:00:00'
                            end_time: '14:00:00'
                          confirmation_sent: true
                          qr_code: data:image/png;base64,iVBORw0KGgo=

        """

    private static let refusals = """
                '400':
                  $ref: '#/components/responses/InvalidContact'
                '403':
                  description: '`ORGANIZATION_MISMATCH` or `TICKET_CODE_REQUIRED`.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      examples:
                        organization_mismatch:
                          summary: Ticket and slot belong to different organizations
                          value:
                            success: false
                            error:
                              code: ORGANIZATION_MISMATCH
                              message: This ticket is for another organization than this time slot.
                        ticket_code_required:
                          summary: The operator insists on the code
                          value:
                            success: false
                            error:
                              code: TICKET_CODE_REQUIRED
                              message: The ticket code is required.
                '404':
                  description: '`SLOT_NOT_FOUND`, `TICKET_NOT_FOUND` or `ORGANIZATION_NOT_FOUND`.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      examples:
                        slot_not_found:
                          summary: No such slot
                          value:
                            success: false
                            error:
                              code: SLOT_NOT_FOUND
                              message: No such time slot. Load the calendar again and choose another.
                        ticket_not_found:
                          summary: No such ticket, or the code is another ticket's
                          value:
                            success: false
                            error:
                              code: TICKET_NOT_FOUND
                              message: No such ticket. Check the code on your ticket or ask the venue.
                '409':
                  description: |
                    `SLOT_FULL` with `alternative_slots` (same date first, then a day before and after, at most 5), `SLOT_CLOSED`,
                    `TICKET_ALREADY_RESERVED` with `reserved_date`, `TICKET_NOT_ACTIVATED`, `TICKET_EXPIRED`, `VISIT_TOO_LATE`
                    (the slot is after the ticket's last day) or `TICKET_ALREADY_USED`.
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      examples:
                        slot_full:
                          summary: The last place is gone
                          value:
                            success: false
                            error:
                              code: SLOT_FULL
                              message: This time slot is full. Please select another time.
                              alternative_slots:
                                - slot_id: 11
                                  date: '2025-11-14'
                                  start_time: '14:00:00'
                                  end_time: '16:00:00'
                                  available_count: 180
                        slot_closed:
                          summary: Closed or already started
                          value:
                            success: false
                            error:
                              code: SLOT_CLOSED
                              message: This time slot is closed. Please select another time.
                        ticket_already_reserved:
                          summary: The ticket has a reservation
                          value:
                            success: false
                            error:
                              code: TICKET_ALREADY_RESERVED
                              message: This ticket is already reserved for 2025-11-20.
                              reserved_date: '2025-11-20'
                        ticket_not_activated:
                          summary: Not paid
                          value:
                            success: false
                            error:
                              code: TICKET_NOT_ACTIVATED
                              message: This ticket is not paid yet. Complete the payment first.
                '413':
                  $ref: '#/components/responses/PayloadTooLarge'
                '415':
                  $ref: '#/components/responses/UnsupportedMediaType'
                '422':
                  description: '`IDEMPOTENCY_KEY_REUSED`: the key came with another request before.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: IDEMPOTENCY_KEY_REUSED
                          message: This Idempotency-Key was used for another request. Use a new key for a new request.
                '429':
                  $ref: '#/components/responses/RateLimited'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
