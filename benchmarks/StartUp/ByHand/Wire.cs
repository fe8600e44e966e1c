using System.Text.Json.Serialization;

namespace Sora2.Sdk.Benchmarks.StartUp;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(State))]
internal sealed partial class Wire : JsonSerializerContext;
