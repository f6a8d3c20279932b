using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>Which extension a parameter belongs to. Built once; a keyword that two extensions claim is a bug and throws.</summary>
internal sealed class ParameterTable(IReadOnlyList<ISmtpExtension> extensions, Func<ISmtpExtension, IReadOnlyList<string>> keywords)
{
    private readonly FrozenDictionary<string, ISmtpExtension> _extensions = extensions
        .SelectMany(extension => keywords(extension).Select(keyword => (keyword, extension)))
        .ToFrozenDictionary(pair => pair.keyword, pair => pair.extension, StringComparer.Ordinal);

    public bool TryFind(string keyword, [NotNullWhen(true)] out ISmtpExtension? extension) => _extensions.TryGetValue(keyword, out extension);
}
