/// Why a step of a lifecycle test failed.
struct LifecycleFailure: Error {
    let detail: String
    let hint: String?

    init(_ detail: String, hint: String? = nil) {
        self.detail = detail
        self.hint = hint
    }

    init(_ error: any Error) {
        switch error {
        case let failure as LifecycleFailure: self = failure
        case let error as any OperatorError: self.init(error.message, hint: error.hint)
        default: self.init("\(error)")
        }
    }
}
