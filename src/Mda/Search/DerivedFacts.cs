using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mda.Search;

/// <summary>What is derived from a message as it comes: of a small one everything, in one reading; of others the header, and their preview follows behind.</summary>
/// <param name="Preview"><see langword="null"/> where it is still to be derived.</param>
internal readonly record struct DerivedFacts(HeaderFacts Header, MessagePreview? Preview)
{
    /// <summary>Octets of a message that is read whole before it is filed: most are smaller, and hostile MIME of this size delays a delivery by milliseconds at most.</summary>
    internal const int MaxOctets = 16 * 1024;

    internal static async ValueTask<DerivedFacts> ReadAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.Octets <= MaxOctets && content.TryGetMemory(out _))
        {
            await using var stream = content.OpenRead();
            if (MessagePreview.TryLoad(stream) is { } message)
                return new DerivedFacts(HeaderFacts.Of(message.Headers), MessagePreview.Of(message));
        }

        return new DerivedFacts(await HeaderFacts.ReadAsync(content, cancellationToken), Preview: null);
    }
}
