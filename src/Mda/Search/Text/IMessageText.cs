namespace MailSuite.Mda.Search.Text;

/// <summary>Takes the text of a message as it is read.</summary>
internal interface IMessageText
{
    /// <summary>The header's text; see <see cref="MessageText"/>.</summary>
    FoldedText Head { get; }

    FoldedText Body { get; }

    /// <summary>Asked after each piece.</summary>
    /// <returns>Whether to read on.</returns>
    bool GoesOn();
}

/// <summary>Keeps the first octets of each.</summary>
internal sealed class KeptText(int maxHead, int maxBody) : IMessageText
{
    public FoldedText Head { get; } = new(2048);

    public FoldedText Body { get; } = new(4096);

    /// <summary>Something is beyond the bound.</summary>
    internal bool IsPartial { get; private set; }

    public bool GoesOn()
    {
        IsPartial |= Cut(Head, maxHead) | Cut(Body, maxBody);
        // What is beyond the bound is not even decoded: the mark says that it is to be scanned.
        return !IsPartial;
    }

    private static bool Cut(FoldedText text, int max)
    {
        if (text.Length <= max)
            return false;
        // Not inside a character.
        var end = max;
        while (end > 0 && (text.Octets[end] & 0xC0) == 0x80)
            end--;
        text.Truncate(end);
        return true;
    }
}
