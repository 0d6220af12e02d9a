"""Writes, packs and reads NPZ files with PySpark.

    spark-submit --jars arrow-npz-spark_2.13-<version>-bundle.jar spark-bridge/examples/readings.py /tmp/readings

Needs pyspark 4.0, 4.1 or 4.2, and pyarrow for the last step. Prints what it found.
"""

import sys

import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import SparkSession
from pyspark.sql import functions as f


def means(batches):
    """The mean of each row's values: batches come as Arrow has them, lists included."""
    for batch in batches:
        values = batch.column("value")
        means = [pc.mean(row.values).as_py() for row in values]
        yield pa.RecordBatch.from_arrays([batch.column("sensor"), pa.array(means, pa.float64())], ["sensor", "mean"])


def main(directory):
    spark = SparkSession.builder.appName("readings").getOrCreate()
    rows = spark.range(1000).select(
        (f.col("id") % 10).alias("sensor"), f.col("id").alias("time"), (f.col("id") * 0.5).alias("value")
    )
    packed = f"{directory}/packed"
    rows.write.format("npz").option("packBy", "sensor").option("orderBy", "time").save(packed)

    table = spark.read.format("npz").load(packed)
    print("rows", table.count(), table.columns)
    events = spark.read.format("npz").option("unpack", True).load(packed)
    print("events", events.count(), events.agg(f.sum("value")).first()[0])

    found = table.mapInArrow(means, "sensor long, mean double").orderBy("sensor").collect()
    print("means", [row["mean"] for row in found[:3]])

    query = (
        spark.readStream.format("npz").schema(table.schema).load(packed)
        .writeStream.format("npz").option("checkpointLocation", f"{directory}/checkpoint")
        .trigger(availableNow=True).start(f"{directory}/streamed")
    )
    query.awaitTermination()
    print("streamed", spark.read.format("npz").load(f"{directory}/streamed").count())
    spark.stop()


if __name__ == "__main__":
    main(sys.argv[1])
