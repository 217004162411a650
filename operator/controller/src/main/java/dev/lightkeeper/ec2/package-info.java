/** The target EC2: hosts that are looked at through EC2 and SSM and told what to do through SSM Run Command only. */
@NullMarked
package dev.lightkeeper.ec2;

import org.jspecify.annotations.NullMarked;
