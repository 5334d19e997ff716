/// `POST /api/tickets/validate` in the OpenAPI document.
enum ValidateTicketDescription {
    static let path = """
          /api/tickets/validate:
            post:
              operationId: validateTicket
              tags: [Customer Reservation]
              summary: Can this ticket be reserved now?
              description: |
                Changes nothing; asking again gives the same answer until somebody reserves. White space around the code is dropped and letters
                are read as capitals. Codes that are not valid are counted by address; too many in a minute are answered with 429.
              parameters:
                - $ref: '#/components/parameters/Organization'
                - $ref: '#/components/parameters/OrganizationHeader'
                - $ref: '#/components/parameters/RequestId'
              requestBody:
                required: true
                content:
                  application/json:
                    schema:
                      type: object
                      required: [ticket_code]
                      properties:
                        ticket_code:
                          $ref: '#/components/schemas/TicketCode'
                    example:
                      ticket_code: TKT-2025-ABC123-DEF456
              responses:
                '200':
                  description: The ticket is paid and free.
                  headers:
                    X-Request-Id:
                      $ref: '#/components/headers/RequestId'
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
                            required: [ticket_id, ticket_code, status, product_id, order_id]
                            properties:
                              ticket_id:
                                $ref: '#/components/schemas/TicketId'
                              ticket_code:
                                $ref: '#/components/schemas/TicketCode'
                              status:
                                type: string
                                enum: [ACTIVATED]
                              product_id:
                                $ref: '#/components/schemas/Number'
                              order_id:
                                $ref: '#/components/schemas/Number'
                      example:
                        success: true
                        data:
                          ticket_id: 123
                          ticket_code: TKT-2025-ABC123-DEF456
                          status: ACTIVATED
                          product_id: 5
                          order_id: 456
                '400':
                  description: |
                    `INVALID_REQUEST`, `INVALID_TICKET_CODE`, `TICKET_NOT_FOUND`, `TICKET_NOT_ACTIVATED`, `TICKET_EXPIRED` or
                    `TICKET_ALREADY_USED`.
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      examples:
                        invalid_request:
                          summary: A field is missing
                          value:
                            success: false
                            error:
                              code: INVALID_REQUEST
                              message: 'The request cannot be used: ticket_code: is required'
                              validation_errors:
                                - field: ticket_code
                                  message: is required
                        invalid_ticket_code:
                          summary: Not the form of a code
                          value:
                            success: false
                            error:
                              code: INVALID_TICKET_CODE
                              message: This is not a ticket code. It looks like TKT-2025-ABC123-DEF456; check for missing characters.
                        ticket_not_found:
                          summary: No such ticket in this organization
                          value:
                            success: false
                            error:
                              code: TICKET_NOT_FOUND
                              message: No such ticket. Check the code on your ticket or ask the venue.
                        ticket_not_activated:
                          summary: Not paid
                          value:
                            success: false
                            error:
                              code: TICKET_NOT_ACTIVATED
                              message: This ticket is not paid yet. Complete the payment first.
                        ticket_expired:
                          summary: Too late
                          value:
                            success: false
                            error:
                              code: TICKET_EXPIRED
                              message: This ticket has expired. Ask the venue.
                        ticket_already_used:
                          summary: Scanned at the gate
                          value:
                            success: false
                            error:
                              code: TICKET_ALREADY_USED
                              message: This ticket has already been used.
                '404':
                  $ref: '#/components/responses/OrganizationNotFound'
                '409':
                  $ref: '#/components/responses/TicketAlreadyReserved'
                '413':
                  $ref: '#/components/responses/PayloadTooLarge'
                '415':
                  $ref: '#/components/responses/UnsupportedMediaType'
                '429':
                  $ref: '#/components/responses/RateLimited'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
