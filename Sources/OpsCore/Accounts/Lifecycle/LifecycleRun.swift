import Foundation

/// One run of a ``LifecycleTest``: it keeps what a step learns for those after it.
actor LifecycleRun {
    private struct Claims: Decodable {
        let userName: Boxed<String>
        let userRole: Boxed<String>
    }

    private let api: LifecycleAPI
    private let mailbox: CapturedMailbox
    private let patience: Duration
    private let person = LifecyclePerson()
    private var steps: [LifecycleReport.Step] = []
    /// Signed up, so there is something to clean up.
    private var isSignedUp = false
    private var userID: Int?
    private var firstPassword: Secret?
    private var resetToken: Secret?

    init(_ test: LifecycleTest) {
        api = LifecycleAPI(base: test.api, administratorToken: test.administratorToken)
        mailbox = CapturedMailbox(base: test.mailbox)
        patience = test.patience
    }

    func run() async throws -> LifecycleReport {
        var hasFailed = false
        for step in LifecycleStep.allCases {
            let mustRun = !hasFailed || (step == .cleanUp && isSignedUp)
            let result = mustRun ? try await perform(step) : skipped(step)
            hasFailed = hasFailed || result.status == .fail
            steps.append(result)
        }
        return LifecycleReport(userName: person.userName, steps: steps)
    }

    private func skipped(_ step: LifecycleStep) -> LifecycleReport.Step {
        LifecycleReport.Step(step: step, status: .skip, ms: 0)
    }

    private func perform(_ step: LifecycleStep) async throws -> LifecycleReport.Step {
        let start = ContinuousClock.now
        let ms = { start.duration(to: .now).milliseconds }
        do {
            let detail = try await attempt(step)
            return LifecycleReport.Step(step: step, status: .pass, ms: ms(), detail: detail)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            let failure = LifecycleFailure(error)
            return LifecycleReport.Step(
                step: step, status: .fail, ms: ms(), detail: failure.detail, hint: failure.hint)
        }
    }

    /// - Returns: what was seen.
    private func attempt(_ step: LifecycleStep) async throws -> String {
        switch step {
        case .api: try await checkAPI()
        case .mailbox: try await checkMailbox()
        case .signUp: try await signUp()
        case .registrationMail: try await awaitRegistrationMail()
        case .approval: try await approve()
        case .approvalMail: try await awaitApprovalMail()
        case .signIn: try await signIn()
        case .resetRequest: try await requestReset()
        case .resetMail: try await awaitResetMail()
        case .resetChange: try await changePassword()
        case .usedLink: try await useLinkAgain()
        case .oldPassword: try await useOldPassword()
        case .newPassword: try await useNewPassword()
        case .cleanUp: try await cleanUp()
        }
    }

    // MARK: - Before

    private func checkAPI() async throws -> String {
        try await api.call("GET", "/api/health/").expecting(200, "/api/health/")
        let answer = try await api.administer("GET", "/api/auth/signin")
        guard answer.status == 200 else {
            throw LifecycleFailure(
                "the Administrator's token was refused with \(answer.status)",
                hint: "make one with: sysndd-ctl token --role Administrator --expires 15m")
        }
        let role = try answer.decoded(Claims.self).userRole.value
        guard role == Role.administrator.rawValue else {
            throw LifecycleFailure("the token's role is \(role.prefix(20)), it must be Administrator")
        }
        return "the API answers, the token is an Administrator's"
    }

    private func checkMailbox() async throws -> String {
        try await mailbox.check()
        return "the mail capture answers"
    }

    // MARK: - Registration

    private func signUp() async throws -> String {
        let answer = try await api.call("POST", "/api/auth/signup", person.registration)
        try answer.expecting(200, "the sign-up")
        isSignedUp = true
        userID = try await api.userID(of: person.userName, answer)
        return "signed up as \(person.userName)"
    }

    private func awaitRegistrationMail() async throws -> String {
        _ = try await mailbox.mail(to: person.email, about: "registration request", within: patience)
        return "the mail came"
    }

    private func approve() async throws -> String {
        let id = try known(userID, "id of the account")
        let path = "/api/user/approval?user_id=\(id)&status_approval=TRUE"
        try await api.administer("PUT", path).expecting(200, "the approval")
        return "approved"
    }

    private func awaitApprovalMail() async throws -> String {
        let mail = try await mailbox.mail(to: person.email, about: "approved", within: patience)
        guard let password = mail.password else { throw LifecycleFailure("the mail holds no password") }
        firstPassword = password
        return "the mail came, with a password"
    }

    private func signIn() async throws -> String {
        let token = try await authenticate(with: known(firstPassword, "first password"))
        let answer = try await api.call("GET", "/api/auth/signin", token: token).expecting(200, "the new token")
        let name = try answer.decoded(Claims.self).userName.value
        guard name == person.userName else { throw LifecycleFailure("the token is another account's") }
        return "signed in with the password of the mail"
    }

    // MARK: - Reset

    private func requestReset() async throws -> String {
        try await api.call("POST", "/api/user/password/reset/request", ["email": person.email])
            .expecting(200, "the request for a link")
        return "asked for a link"
    }

    private func awaitResetMail() async throws -> String {
        let mail = try await mailbox.mail(to: person.email, about: "password reset", within: patience)
        guard let token = mail.resetToken else { throw LifecycleFailure("the mail holds no link with /PasswordReset/") }
        guard mail.to.map(\.address) == [person.email] else {
            throw LifecycleFailure("the link was mailed to others than its owner")
        }
        resetToken = token
        return "the mail came, with a link"
    }

    private func changePassword() async throws -> String {
        try await useLink(for: person.newPassword).expecting(201, "the change of the password")
        return "a new password was set"
    }

    private func useLinkAgain() async throws -> String {
        try await useLink(for: PasswordPolicy.generate()).expecting(401, 409, what: "the used link")
        return "refused"
    }

    private func useOldPassword() async throws -> String {
        try await sendCredentials(known(firstPassword, "first password")).expecting(401, "the old password")
        return "refused"
    }

    private func useNewPassword() async throws -> String {
        _ = try await authenticate(with: person.newPassword)
        return "signed in with the new password"
    }

    private func useLink(for password: Secret) async throws -> HTTPCall.Answer {
        let body = ["password": password.exposed, "password_confirm": password.exposed]
        return try await api.call(
            "POST", "/api/user/password/reset/change", body, token: known(resetToken, "token of the link"))
    }

    // MARK: - After

    private func cleanUp() async throws -> String {
        let id = try known(userID, "id of the account")
        try await api.administer("DELETE", "/api/user/delete?user_id=\(id)").expecting(200, "the removal")
        try await mailbox.removeMails(to: person.email)
        return "the account and its mails were removed"
    }

    // MARK: - Signing in

    private func authenticate(with password: Secret) async throws -> Secret {
        let answer = try await sendCredentials(password).expecting(200, "the sign-in")
        return Secret(try answer.decoded(Boxed<String>.self).value)
    }

    private func sendCredentials(_ password: Secret) async throws -> HTTPCall.Answer {
        let body = ["user_name": person.userName, "password": password.exposed]
        return try await api.call("POST", "/api/auth/authenticate", body)
    }

    private func known<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw LifecycleFailure("the \(what) is not known") }
        return value
    }
}
