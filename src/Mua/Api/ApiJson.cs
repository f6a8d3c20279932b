using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Api;

/// <summary>The JSON of the API: camel case, enums as their names.</summary>
internal static class ApiJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>For what is asked of the API: a word of a filter that is misspelled would otherwise be passed over, and the order be for the whole queue.</summary>
    internal static readonly JsonSerializerOptions Requests = new(Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true };

    internal static IResult Ok<T>(T value) => TypedResults.Json(value, Options);

    internal static IResult Accepted<T>(T value) => TypedResults.Json(value, Options, statusCode: StatusCodes.Status202Accepted);
}
