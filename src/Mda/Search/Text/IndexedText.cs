namespace MailSuite.Mda.Search.Text;

/// <summary>A message as the index has it.</summary>
/// <param name="Head">See <see cref="MessageText"/>.</param>
/// <param name="IsPartial">More text is in the octets than here.</param>
internal sealed record IndexedText(SearchFacts Facts, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body, bool IsPartial)
{
    /// <summary>What stands for a message whose octets cannot be read now: it is looked at again by each search.</summary>
    internal static IndexedText Unreadable { get; } = new(SearchFacts.Nothing, default, default, IsPartial: true);

    internal static IndexedText Of(Stream message, int maxHead, int maxBody, CancellationToken cancellationToken)
    {
        var text = new KeptText(maxHead, maxBody);
        var facts = MessageText.Read(message, text, cancellationToken);
        return new IndexedText(facts, text.Head.Octets.ToArray(), text.Body.Octets.ToArray(), text.IsPartial);
    }
}
