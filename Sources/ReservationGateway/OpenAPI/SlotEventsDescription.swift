/// `GET /api/reservation-slots/events` in the OpenAPI document.
enum SlotEventsDescription {
    static let path = """
          /api/reservation-slots/events:
            get:
              operationId: slotEvents
              tags: [Customer Reservation]
              summary: A month's slots, whenever one of them changes.
              description: |
                Server-sent events without end. `slots` carries an array of the slots that have changed, as they are now and in the form of `available`, apart
                from `status`, which may be `CLOSED`; one that you do not know is new. `refresh` means that something may have been missed: ask for the calendar
                anew. What changes often is told once a second at most. Ask for the calendar after the stream has opened, and nothing is missed.
              parameters:
                - name: month
                  in: query
                  required: true
                  schema:
                    type: string
                    pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$'
                  example: 2025-11
                - $ref: '#/components/parameters/Organization'
                - $ref: '#/components/parameters/OrganizationHeader'
                - $ref: '#/components/parameters/RequestId'
              responses:
                '200':
                  description: The stream.
                  content:
                    text/event-stream:
                      schema:
                        type: string
                      example: |
                        retry: 3000

                        event: refresh
                        data: {}

                '400':
                  description: '`INVALID_REQUEST`: no such month.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: INVALID_REQUEST
                          message: 'The request cannot be used: month: must be given once, as a month like 2025-11, years 2000 to 2199'
                          validation_errors:
                            - field: month
                              message: must be given once, as a month like 2025-11, years 2000 to 2199
                '404':
                  $ref: '#/components/responses/OrganizationNotFound'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
