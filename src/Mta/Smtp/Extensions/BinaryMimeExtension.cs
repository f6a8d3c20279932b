namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>BINARYMIME (RFC 3030 §3): a body of any octets, by BDAT. Its value of BODY is read by <see cref="EightBitMimeExtension"/>, which owns the parameter.</summary>
internal sealed class BinaryMimeExtension : ISmtpExtension
{
    public string Offer(SmtpSession session) => "BINARYMIME";
}
