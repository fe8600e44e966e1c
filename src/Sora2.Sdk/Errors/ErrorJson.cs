using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Sora2.Sdk.Errors;

/// <summary>An error as JSON: kind, message, advice, transience, charge and what a support request needs; no raw body or stack.</summary>
internal static class ErrorJson
{
    /// <summary>Reads an error. One that is not of the SDK has the kind <see cref="Sora2ErrorKind.Unknown"/>.</summary>
    public static Sora2Exception Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("The JSON is not an error. An error is an object with a message.");
        }

        var fields = new Dictionary<string, JsonElement>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in json.EnumerateObject().Where(field => field.Value.ValueKind != JsonValueKind.Null))
        {
            fields[field.Name] = field.Value;
        }

        try
        {
            return ReadFields(fields);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            throw new JsonException($"A field of the error has a value of the wrong type: {e.Message}", e);
        }
    }

    public static void Write(Utf8JsonWriter writer, Exception value, JsonSerializerOptions options)
    {
        var error = value as Sora2Exception;
        var wait = value as WaitCanceledException;
        writer.WriteStartObject();
        writer.WriteString(Named("Type"), value.GetType().Name);
        writer.WriteString(Named("Kind"), (error?.Kind ?? Sora2ErrorKind.Unknown).ToString());
        writer.WriteString(Named("Message"), value.Message);
        Text("Advice", Advice(value)); // for a page that shows the error; not read back, as it follows from the other fields
        writer.WriteBoolean(Named("IsTransient"), error?.IsTransient ?? false);
        if (error?.MayHaveBeenCharged is { } charged)
        {
            writer.WriteBoolean(Named("MayHaveBeenCharged"), charged);
        }

        Text("PlatformName", error?.PlatformName ?? wait?.PlatformName ?? (value as SubmissionCanceledException)?.PlatformName);
        Text("ClientName", error?.ClientName ?? wait?.ClientName);
        Text("TaskId", error?.TaskId ?? wait?.TaskId);
        Text("RequestId", error?.RequestId);
        Text("RequestLine", error?.RequestLine);
        Text("RetryAfter", error?.RetryAfter?.ToString("c", CultureInfo.InvariantCulture));
        if (error is not null)
        {
            writer.WriteNumber(Named("Attempts"), error.Attempts);
        }

        if (error?.StatusCode is { } status)
        {
            writer.WriteNumber(Named("StatusCode"), (int)status);
        }

        if (error is SubmissionUnknownException unknown)
        {
            writer.WriteString(Named("SentAt"), unknown.SentAt);
            Text("PromptDigest", unknown.PromptDigest);
        }

        writer.WriteEndObject();

        void Text(string name, string? text)
        {
            if (text is not null)
            {
                writer.WriteString(Named(name), text);
            }
        }

        string Named(string name) => options.PropertyNamingPolicy?.ConvertName(name) ?? name;
    }

    private static string? Advice(Exception value) => value switch
    {
        Sora2Exception error => error.Advice,
        WaitCanceledException wait => ErrorAdvice.For(Sora2ErrorKind.WaitTimeout, mayHaveBeenCharged: true, wait.TaskId),
        SubmissionCanceledException => ErrorAdvice.For(Sora2ErrorKind.SubmissionUnknown, mayHaveBeenCharged: null, taskId: null),
        _ => null,
    };

    private static Sora2Exception ReadFields(Dictionary<string, JsonElement> fields)
    {
        var kind = Enum.TryParse<Sora2ErrorKind>(Text("Kind"), ignoreCase: true, out var known) ? known : Sora2ErrorKind.Unknown;
        var error = new Sora2Exception(kind, Text("Message") ?? "")
        {
            IsTransient = Flag("IsTransient") ?? false,
            MayHaveBeenCharged = Flag("MayHaveBeenCharged"),
            PlatformName = Text("PlatformName"),
            ClientName = Text("ClientName"),
            TaskId = Text("TaskId"),
            RequestId = Text("RequestId"),
            RequestLine = Text("RequestLine"),
            Attempts = Number("Attempts") ?? 1,
            StatusCode = (HttpStatusCode?)Number("StatusCode"),
            RetryAfter = Text("RetryAfter") is { } delay ? TimeSpan.ParseExact(delay, "c", CultureInfo.InvariantCulture) : null,
        };
        return kind != Sora2ErrorKind.SubmissionUnknown ? error : new SubmissionUnknownException(error)
        {
            PlatformName = error.PlatformName,
            SentAt = fields.TryGetValue("SentAt", out var sentAt) ? sentAt.GetDateTimeOffset() : default,
            PromptDigest = Text("PromptDigest"),
        };

        string? Text(string name) => fields.TryGetValue(name, out var field) ? field.GetString() : null;

        bool? Flag(string name) => fields.TryGetValue(name, out var field) ? field.GetBoolean() : null;

        int? Number(string name) => fields.TryGetValue(name, out var field) ? field.GetInt32() : null;
    }
}
