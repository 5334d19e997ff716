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
        let fields = event.metadata.flatMap(LogFields.carried)
        var record = LogRecord(
            time: LogRecord.now(), level: event.level, message: event.message, fields: fields, metadata: metadata, label: label)
        if let provided = metadataProvider?.get(), !provided.isEmpty { record.metadata.merge(provided) { _, new in new } }
        if fields == nil, let own = event.metadata { record.metadata.merge(own) { _, new in new } }
        if let error = event.error { record.fields[.error] = "\(error)" }
        pipeline.append(record)
    }
}
