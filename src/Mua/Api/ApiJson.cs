using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Api;

/// <summary>The JSON of the API: camel case, enums as their names.</summary>
internal static class ApiJson
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    internal static IResult Ok<T>(T value) => TypedResults.Json(value, Options);

    internal static IResult Accepted<T>(T value) => TypedResults.Json(value, Options, statusCode: StatusCodes.Status202Accepted);
}
