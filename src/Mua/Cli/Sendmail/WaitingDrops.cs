using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Maildrop;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>What lies in the maildrop and no program has taken yet, as far as this user may look.</summary>
internal static class WaitingDrops
{
    private const string Reason = "left by sendmail; MailSuite takes it as soon as it runs";

    public static IReadOnlyList<QueuedMail> In(MaildropDirectory maildrop)
    {
        var waiting = new List<QueuedMail>();
        try
        {
            foreach (var file in Directory.EnumerateFiles(maildrop.Path, "*" + MaildropDirectory.DropExtension))
            {
                if (Read(file) is { } mail)
                    waiting.Add(mail);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is none, or it is not this user's to list.
        }

        return waiting;
    }

    private static QueuedMail? Read(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var block = new byte[Math.Min(stream.Length, DropEnvelope.MaxHeadOctets)];
            stream.ReadExactly(block);
            var end = block.AsSpan().IndexOf(DropEnvelope.EndOfHead);
            if (end < 0 || !DropEnvelope.TryParse(block.AsSpan(0, end + DropEnvelope.EndOfHead.Length), out var envelope))
                return null;
            var recipients = envelope.Recipients.Select(recipient => new QueuedMailRecipient(recipient.ToString(), Attempts: 0, NextAttemptAt: null, Reason));
            return new QueuedMail("maildrop", envelope.Octets, new DateTimeOffset(File.GetLastWriteTimeUtc(file)), envelope.ReversePath.ToString(), [.. recipients]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
