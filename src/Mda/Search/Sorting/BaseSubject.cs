namespace MailSuite.Mda.Search.Sorting;

/// <summary>A subject without what answering and forwarding put around it (RFC 5256 §2.1).</summary>
/// <param name="Text">Folded; empty when nothing is left.</param>
/// <param name="IsReply">Something of an answer or of forwarding was taken away (RFC 5256 §3, "reply or forward").</param>
internal readonly record struct BaseSubject(string Text, bool IsReply)
{
    /// <param name="folded">The subject decoded, in upper case, white space squeezed and trimmed, which is step 1 of the RFC.</param>
    internal static BaseSubject Of(string folded)
    {
        var rest = folded.AsSpan();
        var isReply = false;
        while (true)
        {
            // Step 2: the trailer.
            while (true)
            {
                rest = rest.TrimEnd(' ');
                if (!rest.EndsWith("(FWD)", StringComparison.Ordinal))
                    break;
                rest = rest[..^5];
                isReply = true;
            }

            // Steps 3 to 5: leaders, then a blob, as long as there are any.
            while (true)
            {
                var before = rest.Length;
                rest = rest.TrimStart(' ');
                if (LeaderOf(rest) is > 0 and var leader)
                {
                    rest = rest[leader..];
                    isReply = true;
                }
                else if (BlobOf(rest) is > 0 and var blob && blob < rest.Length)
                {
                    rest = rest[blob..];
                }

                if (rest.Length == before)
                    break;
            }

            // Step 6: what some programs put around a forwarded subject.
            if (!rest.StartsWith("[FWD:", StringComparison.Ordinal) || !rest.EndsWith("]", StringComparison.Ordinal))
                return new BaseSubject(rest.ToString(), isReply);

            rest = rest[5..^1];
            isReply = true;
        }
    }

    /// <summary>subj-leader without its white space: any number of blobs, then <c>Re</c>, <c>Fw</c> or <c>Fwd</c>, perhaps a blob, and a colon.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    private static int LeaderOf(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (BlobOf(text[at..]) is > 0 and var blob)
            at += blob;

        if (text[at..].StartsWith("RE", StringComparison.Ordinal))
            at += 2;
        else if (text[at..].StartsWith("FWD", StringComparison.Ordinal))
            at += 3;
        else if (text[at..].StartsWith("FW", StringComparison.Ordinal))
            at += 2;
        else
            return 0;

        at = SkipSpaces(text, at);
        at += BlobOf(text[at..]);
        return at < text.Length && text[at] == ':' ? at + 1 : 0;
    }

    /// <summary>subj-blob: something in brackets, and the white space after it.</summary>
    private static int BlobOf(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '[')
            return 0;
        var end = text[1..].IndexOfAny('[', ']');
        return end < 0 || text[1 + end] == '[' ? 0 : SkipSpaces(text, end + 2);
    }

    private static int SkipSpaces(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        return at;
    }
}
