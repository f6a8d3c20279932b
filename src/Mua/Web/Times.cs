using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Web;

/// <summary>Instants as the reader's clock shows them. The browser tells its time zone in a cookie; until then it is the server's.</summary>
internal static class Times
{
    internal const string ZoneCookie = "tz";

    /// <summary>The name of the reader's zone, as the browser gave it, if it is one.</summary>
    internal static string ZoneOf(HttpContext? context) =>
        context?.Request.Cookies[ZoneCookie] is { Length: > 0 and < 64 } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone.Id : TimeZoneInfo.Local.Id;

    internal static TimeZoneInfo Zone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>For a list: the time today, the day this year, else the date.</summary>
    internal static string Short(DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset now)
    {
        var (local, today) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(now, zone));
        var format = local.Date == today.Date ? "HH:mm" : local.Year == today.Year ? "d MMM" : "d MMM yyyy";
        return local.ToString(format, CultureInfo.InvariantCulture);
    }

    internal static string Long(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("ddd, d MMM yyyy 'at' HH:mm", CultureInfo.InvariantCulture);

    /// <summary>To the millisecond, for journeys.</summary>
    internal static string Precise(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);

    internal static bool IsOnDay(DateTimeOffset at, DateTimeOffset other, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).Date == TimeZoneInfo.ConvertTime(other, zone).Date;

    internal static string Day(DateTimeOffset at, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM", CultureInfo.InvariantCulture);

    internal static string Machine(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>How long something took, with the unit that says most.</summary>
    internal static string Took(TimeSpan span) => span switch
    {
        { Ticks: < 0 } => "0 ms",
        { TotalMilliseconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMicroseconds:0} µs"),
        { TotalSeconds: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms"),
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s"),
        { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMinutes:0} min"),
        { TotalDays: < 2 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalDays:0} days"),
    };
}
