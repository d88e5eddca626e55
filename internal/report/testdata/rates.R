# Makes rates.csv and adjusted.csv, against which exact_test.go holds the exact
# tests: Rscript rates.R, in this folder. R's own poisson.test and p.adjust, and
# rateratio.midp of the package epitools (Debian: r-base-core, r-cran-epitools).
suppressMessages(library(epitools))

# The first are published: R's own example of poisson.test (two rates) and that of
# epitools (Rothman, breast cancer after fluoroscopy). The others are what happens
# in an academy: the last quarter against the year before it.
pairs <- rbind(
  c(11, 800, 21, 3011), c(41, 28010, 15, 19017),
  c(3, 91, 0, 365), c(3, 91, 1, 365), c(3, 91, 3, 365), c(4, 92, 4, 365), c(5, 92, 2, 366),
  c(7, 91, 4, 365), c(0, 91, 9, 365), c(1, 91, 12, 365), c(12, 92, 12, 365), c(20, 92, 11, 365),
  c(2, 182, 14, 365), c(6, 30, 40, 365), c(150, 91, 480, 365), c(5000, 91, 19000, 365))

# Half of what is as extreme as the count itself.
mid <- function(x, n, p, lower) pbinom(if (lower) x - 1 else x, n, p, lower.tail = lower) + dbinom(x, n, p) / 2

one <- function(r) {
  x <- r[c(1, 3)]; t <- r[c(2, 4)]; n <- sum(x); p <- t[1] / sum(t)
  two <- poisson.test(x, t)
  # epitools gives no limits when a count is 0, and too few digits for tiny ones
  limit <- function(lower) {
    if (!lower && x[2] == 0) return(Inf)
    if (lower && x[1] == 0) return(0)
    f <- function(l) { q <- exp(l) * t[1] / (exp(l) * t[1] + t[2]); mid(x[1], n, q, !lower) - 0.025 }
    exp(uniroot(f, c(-20, 20), tol = 1e-13)$root)
  }
  low <- limit(TRUE); high <- limit(FALSE)
  if (min(x) > 0 && n < 1000) { # a second way to the same interval; it stops searching at two digits
    e <- rateratio.midp(matrix(c(x[2], x[1], t[2], t[1]), 2))$measure[2, ]
    stopifnot(abs(log(e["lower"] / low)) < 0.02, abs(log(e["upper"] / high)) < 0.02)
  }
  c(r, poisson.test(x, t, alternative = "greater")$p.value, poisson.test(x, t, alternative = "less")$p.value,
    mid(x[1], n, p, FALSE), mid(x[1], n, p, TRUE), two$estimate, two$conf.int, low, high)
}
table <- t(apply(pairs, 1, one))
colnames(table) <- c("x1", "t1", "x2", "t2", "greater", "less", "mid_greater", "mid_less", "ratio", "low", "high", "mid_low", "mid_high")
write.csv(format(table, digits = 12, scientific = NA, trim = TRUE), "rates.csv", row.names = FALSE, quote = FALSE)

set.seed(20261123)
lists <- list(c(0.01, 0.02, 0.03, 0.04, 0.05), c(0.9, 0.001, 0.04, 0.04, 0.2, 0.0004), c(1, 1, 1), 0.07, round(runif(16)^3, 4),
  # Benjamini and Hochberg 1995, 3.1: fifteen tests of a trial of thrombolysis
  c(.0001, .0004, .0019, .0095, .0201, .0278, .0298, .0344, .0459, .3240, .4262, .5719, .6528, .7590, 1))
rows <- do.call(rbind, lapply(seq_along(lists), function(i)
  data.frame(list = i, p = lists[[i]], adjusted = p.adjust(lists[[i]], "BH"))))
write.csv(format(rows, digits = 12, trim = TRUE), "adjusted.csv", row.names = FALSE, quote = FALSE)
