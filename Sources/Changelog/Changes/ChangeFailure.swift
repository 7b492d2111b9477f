/// A change fails by itself when its turn comes, without any statement: it asks to stop, or a file of its is no good.
struct ChangeFailure: Error {
    let message: String
}
