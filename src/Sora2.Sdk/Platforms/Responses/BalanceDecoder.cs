using System.Globalization;
using System.Text.Json;

namespace Sora2.Sdk.Platforms.Responses;

/// <summary>Decodes a balance from a response, or throws its error. Numbers may be strings; what is missing is null.</summary>
/// <remarks>
/// Three forms, flat or in <c>data</c>: the usage of a key and the pair of billing routes, from new-api (controller/token.go and
/// controller/billing.go, as of 2026-09), and the wallet of its forks.
/// </remarks>
internal static class BalanceDecoder
{
    /// <summary>The granted amount by which the billing route reports a key without a limit.</summary>
    private const decimal Unlimited = 100_000_000;

    /// <summary>An amount beyond this is no money, and a sum of such amounts could overflow.</summary>
    private const decimal MaxAmount = 1e18m;

    /// <summary>Relays compute in binary fractions: what is beyond these decimals is rounding, and no money.</summary>
    private const int Decimals = 8;

    private const string Units = "units";

    public static Balance Decode(ApiResponse response)
    {
        if (!response.IsSuccess)
        {
            throw ErrorClassifier.Classify(response);
        }

        try
        {
            using var document = JsonDocument.Parse(response.Body);
            var root = document.RootElement;
            return ReportsFailure(root) ? throw ErrorClassifier.Classify(response)
                : Read(new Fields(root)) is { } balance ? balance.WithAmount()
                : ErrorText.Parse(response.Body).IsError ? throw ErrorClassifier.Classify(response)
                : new Balance();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw ErrorClassifier.Unreadable(response, $"{response.PlatformTitle}'s response is not complete JSON.", e);
        }
    }

    private static Balance? Read(Fields fields)
    {
        var expires = LenientValues.Time(fields.Text("expires_at") ?? fields.Text("access_until"));
        var isUnlimited = fields.IsTrue("unlimited_quota");
        if (fields.Amount("amount") is { } left)
        {
            var unit = fields.Text("display_type") ?? "";
            return new Balance
            {
                Amount = isUnlimited ? null : left,
                Used = fields.Amount("used_amount"),
                Unit = unit.Equals("TOKENS", StringComparison.OrdinalIgnoreCase) ? Units : unit.ToUpperInvariant(),
                IsUnlimited = isUnlimited,
                ExpiresAt = expires,
            };
        }

        if (isUnlimited || fields.Has("total_available") || fields.Has("total_granted") || fields.Has("total_used"))
        {
            return new Balance
            {
                // What is left of a key without a limit is a number without a meaning.
                Amount = isUnlimited ? null : fields.Amount("total_available"),
                Granted = isUnlimited ? null : fields.Amount("total_granted"),
                Used = fields.Amount("total_used"),
                Unit = Units,
                IsUnlimited = isUnlimited,
                ExpiresAt = expires,
            };
        }

        // The unit is the one that the web site shows, in spite of the name.
        var granted = fields.Amount("hard_limit_usd");
        return granted is not null || fields.Has("total_usage")
            ? new Balance
            {
                Granted = granted == Unlimited ? null : granted,
                Used = fields.Amount("total_usage") / 100,
                IsUnlimited = granted == Unlimited,
                ExpiresAt = expires,
            }
            : null;
    }

    /// <summary>Returns whether a success reports a failure: <c>{"error":{…}}</c>, <c>{"success":false}</c>.</summary>
    private static bool ReportsFailure(JsonElement root) =>
        root.ValueKind is JsonValueKind.Object
        && ((root.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object)
            || IsFalse(root, "success")
            || IsFalse(root, "code"));

    private static bool IsFalse(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.False;

    /// <summary>The fields of a response: those in its <c>data</c>, else those beside it.</summary>
    private readonly struct Fields(JsonElement root)
    {
        private readonly JsonElement _inner =
            root.ValueKind is JsonValueKind.Object && root.TryGetProperty("data", out var data) ? data : default;

        public bool Has(string name) => Amount(name) is not null;

        public decimal? Amount(string name) =>
            decimal.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number is >= -MaxAmount and <= MaxAmount
                ? Math.Round(number, Decimals)
                : null;

        public bool IsTrue(string name) => Find(name) is { } value && (value.ValueKind is JsonValueKind.True
            || (Text(value) is { } text && (text == "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase))));

        public string? Text(string name) => Find(name) is { } value ? Text(value) : null;

        private static string? Text(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => LenientValues.Text(value).Trim(),
            _ => null,
        };

        private JsonElement? Find(string name) =>
            _inner.ValueKind is JsonValueKind.Object && _inner.TryGetProperty(name, out var value) ? value
            : root.ValueKind is JsonValueKind.Object && root.TryGetProperty(name, out value) ? value
            : null;
    }
}
