namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>CHUNKING (RFC 3030): a message may come by BDAT, in chunks of a known size; <see cref="Commands.BdatCommand"/> takes them.</summary>
internal sealed class ChunkingExtension : ISmtpExtension
{
    public string Offer(SmtpSession session) => "CHUNKING";
}
