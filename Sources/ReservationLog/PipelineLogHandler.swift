import Logging

/// swift-log's handler: copies the entry's values into the pipeline and is done.
package struct PipelineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let pipeline: LogPipeline

    package init(label: String, pipeline: LogPipeline, level: Logger.Level, metadataProvider: Logger.MetadataProvider? = nil) {
        self.label = label
        self.pipeline = pipeline
        self.logLevel = level
        self.metadataProvider = metadataProvider
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get(), !provided.isEmpty { fields.merge(provided) { _, new in new } }
        if let own = event.metadata {
            if fields.isEmpty { fields = own } else { fields.merge(own) { _, new in new } }
        }
        if let error = event.error { fields[LogKey.error.rawValue] = "\(error)" }
        let record = LogRecord(time: LogRecord.now(), level: event.level, message: event.message, metadata: fields, label: label)
        pipeline.append(record)
    }
}
