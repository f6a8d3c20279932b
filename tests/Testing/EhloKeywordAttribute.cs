namespace MailSuite.Testing;

/// <summary>The test shows the end effect of an extension: a row of the table "Extensions" in <c>src/Mta/Smtp/README.md</c>.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class EhloKeywordAttribute(string keyword) : Attribute
{
    public string Keyword => keyword;
}
