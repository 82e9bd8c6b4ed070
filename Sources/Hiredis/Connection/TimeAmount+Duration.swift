import NIOCore

extension TimeAmount {
    /// Takes what a caller set, within bounds in which deadlines can be computed.
    init(bounding duration: Duration) {
        self.init(max(.zero, min(duration, .seconds(86_400))))
    }
}
