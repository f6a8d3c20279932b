namespace MailSuite.Mua.Reading;

/// <summary>How much of a message is taken apart for showing; the raw source and the downloads are always whole.</summary>
internal static class ReadingLimits
{
    /// <summary>Nested multiparts and messages; deeper ones are left out. Real mail has under ten.</summary>
    internal const int MaxMimeDepth = 64;

    /// <summary>Parts that are numbered; a digest of 1,000 messages is more than anybody reads on a page.</summary>
    internal const int MaxParts = 1000;

    /// <summary>Octets of a text that are shown.</summary>
    internal const int MaxTextOctets = 512 * 1024;

    /// <summary>Octets of an HTML body that is shown; a larger one is shown as text. Other webmails cut at 102 KiB.</summary>
    internal const int MaxHtmlOctets = 1024 * 1024;

    /// <summary>Elements of an HTML body that is shown.</summary>
    internal const int MaxHtmlElements = 40_000;

    /// <summary>Elements inside one another in an HTML body that is shown; the sanitiser walks them recursively.</summary>
    internal const int MaxHtmlDepth = 512;

    /// <summary>Stack of the thread that sanitises, in octets: enough for <see cref="MaxHtmlDepth"/> several times over.</summary>
    internal const int SanitizerStackOctets = 16 * 1024 * 1024;

    /// <summary>Messages that are sanitised at once; others wait.</summary>
    internal const int MaxSanitizers = 2;

    /// <summary>How long a reader waits for the sanitiser before the text is offered instead.</summary>
    internal static readonly TimeSpan SanitizerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Characters of all sanitised bodies that are kept for the next view.</summary>
    internal const int MaxCachedCharacters = 8 * 1024 * 1024;

    /// <summary>How long a sanitised body is kept.</summary>
    internal static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(10);

    /// <summary>How long the address of an inline picture works.</summary>
    internal static readonly TimeSpan InlineImagesFor = TimeSpan.FromHours(1);

    /// <summary>Header fields that are shown, and characters of one.</summary>
    internal const int MaxHeaderFields = 500;

    internal const int MaxHeaderCharacters = 4000;

    /// <summary>Addresses of one header field that are shown.</summary>
    internal const int MaxAddressesShown = 200;

    /// <summary>Characters of a download's name.</summary>
    internal const int MaxNameCharacters = 120;
}
