/// `GET /api/reservation-slots/months` in the OpenAPI document.
enum MonthsDescription {
    static let path = """
          /api/reservation-slots/months:
            get:
              operationId: months
              tags: [Customer Reservation]
              summary: Which months there is something to see in.
              description: |
                From the current month of the organization's time zone on, in order, those with at least one slot that is not closed; so a calendar knows
                where it begins and ends. HEAD is answered too.
              parameters:
                - $ref: '#/components/parameters/Organization'
                - $ref: '#/components/parameters/OrganizationHeader'
                - $ref: '#/components/parameters/RequestId'
              responses:
                '200':
                  description: The months; an empty array when there are none.
                  headers:
                    X-Request-Id:
                      $ref: '#/components/headers/RequestId'
                  content:
                    application/json:
                      schema:
                        type: object
                        required: [success, data, metadata]
                        properties:
                          success:
                            $ref: '#/components/schemas/True'
                          data:
                            type: array
                            items:
                              type: object
                              required: [month, total_slots, available_count]
                              properties:
                                month:
                                  type: string
                                  pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$'
                                total_slots:
                                  $ref: '#/components/schemas/Number'
                                available_count:
                                  type: integer
                                  description: Places that can be booked now.
                          metadata:
                            type: object
                            required: [time_zone, today]
                            properties:
                              time_zone:
                                type: string
                                description: The organization's, by its IANA name.
                              today:
                                $ref: '#/components/schemas/Date'
                      example:
                        success: true
                        data:
                          - month: 2025-11
                            total_slots: 120
                            available_count: 9043
                        metadata:
                          time_zone: Europe/Berlin
                          today: '2025-11-12'
                '400':
                  description: '`INVALID_REQUEST`: no such organization number.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: INVALID_REQUEST
                          message: "The request cannot be used: orq: must be one organization's number"
                          validation_errors:
                            - field: orq
                              message: must be one organization's number
                '404':
                  $ref: '#/components/responses/OrganizationNotFound'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
