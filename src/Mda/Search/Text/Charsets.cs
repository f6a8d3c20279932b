using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;

namespace MailSuite.Mda.Search.Text;

/// <summary>The charsets of mail beyond Unicode and Latin-1: .NET has them, but gives them only when asked, to MimeKit too.</summary>
internal static class Charsets
{
    /// <summary>Before anything else of this module runs: MimeKit looks only once which charsets there are.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "This is a module of one program, and no call could be sure to come first.")]
    internal static void Register() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
}
