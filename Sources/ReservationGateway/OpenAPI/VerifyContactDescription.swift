/// `POST /api/tickets/verify-contact` in the OpenAPI document.
enum VerifyContactDescription {
    static let path = """
          /api/tickets/verify-contact:
            post:
              operationId: verifyContact
              tags: [Customer Reservation]
              summary: Are this e-mail address and this phone number usable?
              description: |
                Checks the form only and changes nothing; no one-time password is sent. With `ticket_code` the code must belong to the ticket.
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
                      required: [ticket_id, email, phone]
                      properties:
                        ticket_id:
                          $ref: '#/components/schemas/TicketId'
                        ticket_code:
                          $ref: '#/components/schemas/OptionalTicketCode'
                        email:
                          $ref: '#/components/schemas/Email'
                        phone:
                          $ref: '#/components/schemas/Phone'
                    example:
                      ticket_id: 123
                      ticket_code: TKT-2025-ABC123-DEF456
                      email: john@example.com
                      phone: '+12025551234'
              responses:
                '200':
                  description: Both are usable.
                  headers:
                    X-Request-Id:
                      $ref: '#/components/headers/RequestId'
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [success, message, otp_sent]
                        properties:
                          success:
                            $ref: '#/components/schemas/True'
                          message:
                            type: string
                          otp_sent:
                            type: boolean
                            enum: [false]
                            description: Always false until one-time passwords are sent.
                      example:
                        success: true
                        message: Contact information verified
                        otp_sent: false
                '400':
                  $ref: '#/components/responses/InvalidContact'
                '403':
                  description: '`TICKET_CODE_REQUIRED`: the operator insists on the code.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: TICKET_CODE_REQUIRED
                          message: The ticket code is required.
                '404':
                  description: '`TICKET_NOT_FOUND` or `ORGANIZATION_NOT_FOUND`.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: TICKET_NOT_FOUND
                          message: No such ticket. Check the code on your ticket or ask the venue.
                '413':
                  $ref: '#/components/responses/PayloadTooLarge'
                '415':
                  $ref: '#/components/responses/UnsupportedMediaType'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
