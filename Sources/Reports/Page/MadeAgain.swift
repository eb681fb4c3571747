/// The words that every report ends with.
enum MadeAgain {
    static let heading = "How to make it again"
    static let instruction = "From the folder of this report:"
}
