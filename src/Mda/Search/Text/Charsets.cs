using System.Text;

namespace MailSuite.Mda.Search.Text;

/// <summary>The charsets of mail beyond Unicode and Latin-1: .NET has them, but gives them only when asked, to MimeKit too.</summary>
internal static class Charsets
{
    /// <summary>For the whole process, and once: further calls do nothing.</summary>
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
