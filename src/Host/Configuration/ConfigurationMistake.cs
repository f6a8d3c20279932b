namespace MailSuite.Host.Configuration;

/// <summary>One thing that is wrong in the configuration, told so that it can be put right.</summary>
/// <param name="Origin">Where it stands: <c>/etc/mailsuite.json:12</c>, or the environment variable, or the option.</param>
/// <param name="Key">The key path, <c>Mta:MaxRecipients</c>; empty when it is about the whole file.</param>
/// <param name="Value">What stands there; <see langword="null"/> when nothing does.</param>
/// <param name="Problem">What is wrong with it, in a sentence.</param>
/// <param name="Remedy">What to write instead, in a sentence.</param>
internal sealed record ConfigurationMistake(string Origin, string Key, string? Value, string Problem, string Remedy)
{
    public override string ToString()
    {
        var place = Key.Length == 0 ? Origin : Value is null ? $"{Origin}: {Key}" : $"{Origin}: {Key} = {Value}";
        return $"{place}: {Problem} {Remedy}";
    }
}

/// <summary>The configuration cannot be used; it carries every mistake, not only the first.</summary>
internal sealed class ConfigurationException(IReadOnlyList<ConfigurationMistake> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<ConfigurationMistake> Mistakes => mistakes;
}
