using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MimeKit;

namespace MailSuite.Mua.Compose;

/// <summary>A message ready for submission: its octets in memory or in a file of its own, and its envelope's recipients.</summary>
internal sealed class ComposedMessage(IMessageContent content, string messageId, string? path) : IDisposable
{
    /// <summary>Messages up to this many octets are kept in memory.</summary>
    private const int MemoryOctets = 256 * 1024;

    internal IMessageContent Content => content;

    /// <summary>Without brackets.</summary>
    internal string MessageId => messageId;

    /// <summary>Writes the message out with CRLF line ends.</summary>
    internal static async Task<ComposedMessage> WriteAsync(MimeMessage message, bool international, bool large, string directory, CancellationToken cancellationToken)
    {
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        // RFC 6532 only where an address needs it: every host takes RFC 2047.
        format.International = international;

        if (!large)
        {
            var memory = new MemoryStream();
            await message.WriteToAsync(format, memory, cancellationToken);
            if (memory.Length <= MemoryOctets)
                return new ComposedMessage(new MemoryContent(memory.ToArray()), message.MessageId!, null);
        }

        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, $"{Guid.NewGuid():N}.eml");
        try
        {
            long octets;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 64 * 1024, FileOptions.Asynchronous))
            {
                await message.WriteToAsync(format, file, cancellationToken);
                await file.FlushAsync(cancellationToken);
                octets = file.Length;
            }

            return new ComposedMessage(new FileContent(path, octets), message.MessageId!, path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    public void Dispose()
    {
        if (path is not null)
            File.Delete(path);
    }
}

/// <summary>The recipients of a draft, checked.</summary>
internal sealed record DraftEnvelope(AddressField.Recipients To, AddressField.Recipients Cc, AddressField.Recipients Bcc)
{
    internal IReadOnlyList<EnvelopeAddress> All => [.. To.Envelope.Concat(Cc.Envelope).Concat(Bcc.Envelope).Distinct()];

    internal DraftField FieldOf(EnvelopeAddress address) =>
        To.Envelope.Contains(address) ? DraftField.To : Cc.Envelope.Contains(address) ? DraftField.Cc : Bcc.Envelope.Contains(address) ? DraftField.Bcc : DraftField.Message;
}
