/// `GET /api/reservation-slots/available` in the OpenAPI document.
enum AvailableSlotsDescription {
    static let path = """
          /api/reservation-slots/available:
            get:
              operationId: availableSlots
              tags: [Customer Reservation]
              summary: The calendar of a month or of a day.
              description: |
                In the order of their start. Full slots are there, so that a calendar can colour them; closed ones are not. Without `month` and
                `date` it is the current month in the organization's time zone. HEAD is answered too.
              parameters:
                - name: month
                  in: query
                  description: Not together with `date`.
                  schema:
                    type: string
                    pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$'
                  example: 2025-11
                - name: date
                  in: query
                  schema:
                    $ref: '#/components/schemas/Date'
                - $ref: '#/components/parameters/Organization'
                - $ref: '#/components/parameters/OrganizationHeader'
                - $ref: '#/components/parameters/RequestId'
              responses:
                '200':
                  description: The slots; an empty array when there are none.
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
                              $ref: '#/components/schemas/Slot'
                          metadata:
                            type: object
                            required: [month, total_slots, unique_dates, time_zone]
                            properties:
                              month:
                                type: string
                              total_slots:
                                type: integer
                              unique_dates:
                                type: integer
                                description: On how many days there are slots.
                              time_zone:
                                type: string
                                description: The organization's, by its IANA name; dates and times are on its clocks.
                      example:
                        success: true
                        data:
                          - id: 10
                            date: '2025-11-14'
                            start_time: '12:00:00'
                            end_time: '14:00:00'
                            venue_id: null
                            total_capacity: 200
                            booked_count: 150
                            available_count: 50
                            status: ACTIVE
                            capacity_status: LIMITED
                            orq: 1
                            created_at: '2025-11-01T08:00:00Z'
                            updated_at: '2025-11-12T10:15:00Z'
                        metadata:
                          month: 2025-11
                          total_slots: 1
                          unique_dates: 1
                          time_zone: Europe/Berlin
                '400':
                  description: '`INVALID_REQUEST`: no such month or date, or too many slots for one answer; ask for a date then.'
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/Failure'
                      example:
                        success: false
                        error:
                          code: INVALID_REQUEST
                          message: 'The request cannot be used: month: must be a month like 2025-11, years 2000 to 2199'
                          validation_errors:
                            - field: month
                              message: must be a month like 2025-11, years 2000 to 2199
                '404':
                  $ref: '#/components/responses/OrganizationNotFound'
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'

        """
}
