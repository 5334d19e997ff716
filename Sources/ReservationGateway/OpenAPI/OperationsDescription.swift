/// What is there for monitoring and for programmers, in the OpenAPI document.
enum OperationsDescription {
    static let paths = """
          /healthz:
            get:
              operationId: alive
              tags: [Operation]
              summary: Does this gateway live?
              description: Asks nobody else, so that a restart of the daemon restarts no gateway. HEAD is answered too.
              responses:
                '200':
                  description: It does.
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/State'
                      example:
                        success: true
                        data:
                          status: alive
          /readyz:
            get:
              operationId: ready
              tags: [Operation]
              summary: Can reservations be made now?
              description: Asks the daemon through its ledger, and whether it can write. HEAD is answered too.
              responses:
                '200':
                  description: They can.
                  content:
                    application/json:
                      schema:
                        $ref: '#/components/schemas/State'
                      example:
                        success: true
                        data:
                          status: ready
                '500':
                  $ref: '#/components/responses/Internal'
                '503':
                  $ref: '#/components/responses/Unavailable'
          /openapi.yaml:
            get:
              operationId: openAPI
              tags: [Operation]
              summary: This document.
              responses:
                '200':
                  description: The contract.
                  content:
                    application/yaml:
                      schema:
                        type: string

        """
}
