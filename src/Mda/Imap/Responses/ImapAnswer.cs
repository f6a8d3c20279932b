namespace MailSuite.Mda.Imap.Responses;

internal enum ImapAnswerKind
{
    Ok,
    No,
    Bad,
}

/// <summary>The tagged response that ends a command (RFC 9051 §7.1).</summary>
/// <param name="Code">A response code without its brackets: <c>READ-WRITE</c>; <see langword="null"/> for none.</param>
/// <param name="Text">For people; ASCII, one line.</param>
/// <param name="Closes">Whether the session ends after it.</param>
internal readonly record struct ImapAnswer(ImapAnswerKind Kind, string? Code, string Text, bool Closes = false)
{
    /// <summary>The command has answered by itself, or there is nobody to answer; the session goes on, or ends.</summary>
    public static ImapAnswer Told => default;

    public bool IsTold => Text is null;

    public bool IsOk => Kind == ImapAnswerKind.Ok;

    public static ImapAnswer Ok(string text, string? code = null) => new(ImapAnswerKind.Ok, code, text);

    /// <summary>It was understood and cannot be done.</summary>
    public static ImapAnswer No(string text, string? code = null) => new(ImapAnswerKind.No, code, text);

    /// <summary>It was not understood, or is not allowed in this state.</summary>
    public static ImapAnswer Bad(string text, string? code = null) => new(ImapAnswerKind.Bad, code, text);

    public ImapAnswer AndClose() => this with { Closes = true };
}
